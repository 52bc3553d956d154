/** Refusals of 投诉与建议 (G8, M8). */
import { randomUUID } from 'node:crypto'
import type { Input } from '@jiyue/contract/schema/wire'
import { sql } from 'kysely'
import { people } from '../../../server/demo/world.ts'
import { must, signIn } from '../../world.ts'
import { ask, byId, db, heldOrder, hour, mei, owner, refuses, world } from './setting.ts'

type Telling = Input<'putFeedback'>['body']
export const telling = (change: Partial<Telling> = {}): Telling => ({
  kind: 'complaint',
  text: '老师迟到了二十分钟',
  pictureIds: [],
  orderId: null,
  phone: null,
  page: '/pages/me/index',
  ...change,
})

const put = (body: Telling, id: string = randomUUID()) =>
  ask(mei.token, 'putFeedback', { params: { id }, body })

async function told() {
  const person = await signIn(world)
  const id = randomUUID()
  await must(person.call, 'putFeedback', { params: { id }, body: telling() })
  return { person, id }
}

const withWords = (id: string = randomUUID(), wordsId: string = randomUUID()) => ({
  params: { id, wordsId },
})
const handling = (change: Partial<Input<'putFeedbackHandling'>['body']> = {}) => ({
  body: { assigneeId: null, dueAt: new Date(Date.now() + 9 * hour).toISOString(), ...change },
})
const closure = { body: { cause: 'late' as const, solution: '已致歉' } }

async function closed() {
  const one = await told()
  await must(owner.call, 'putFeedbackClosure', { ...byId(one.id), ...closure })
  return one
}

export function feedbackRefusals(): void {
  refuses('putFeedback', 'feedback_id_reused', async () => {
    const id = randomUUID()
    await put(telling(), id)
    return put(telling({ text: '换了说法' }), id)
  })
  refuses('putFeedback', 'not_found', async () => {
    const stranger = await signIn(world)
    return put(telling({ orderId: await heldOrder(stranger) }))
  })
  refuses('putFeedback', 'invalid_fields', () => put(telling({ phone: '12345' })))
  refuses('getFeedback', 'not_found', async () =>
    ask(mei.token, 'getFeedback', byId((await told()).id)),
  )
  refuses('putFeedbackWords', 'not_found', async () =>
    ask(mei.token, 'putFeedbackWords', { ...withWords((await told()).id), body: { text: '在吗' } }),
  )
  refuses('putFeedbackWords', 'feedback_id_reused', async () => {
    const { person, id } = await told()
    const words = withWords(id)
    await must(person.call, 'putFeedbackWords', { ...words, body: { text: '还有一点' } })
    return ask(person.token, 'putFeedbackWords', { ...words, body: { text: '不是这个' } })
  })
  refuses('getConsoleFeedback', 'not_found', () => ask(owner.token, 'getConsoleFeedback', byId()))
  refuses('getFeedbackPicture', 'not_found', async () =>
    ask(owner.token, 'getFeedbackPicture', {
      params: { id: (await told()).id, pictureId: randomUUID() },
    }),
  )
  refuses('putFeedbackHandling', 'not_found', () =>
    ask(owner.token, 'putFeedbackHandling', { ...byId(), ...handling() }),
  )
  refuses('putFeedbackHandling', 'feedback_state', async () =>
    ask(owner.token, 'putFeedbackHandling', { ...byId((await closed()).id), ...handling() }),
  )
  refuses('putFeedbackHandling', 'invalid_fields', async () => {
    const desk = people.find(({ role }) => role === 'front_desk')
    const assigneeId = desk?.id ?? ''
    return ask(owner.token, 'putFeedbackHandling', {
      ...byId((await told()).id),
      ...handling({ assigneeId }),
    })
  })
  const reply = { kind: 'reply' as const, text: '您好，已核实' }
  refuses('putConsoleFeedbackWords', 'not_found', () =>
    ask(owner.token, 'putConsoleFeedbackWords', { ...withWords(), body: reply }),
  )
  refuses('putConsoleFeedbackWords', 'feedback_id_reused', async () => {
    const words = withWords((await told()).id)
    await must(owner.call, 'putConsoleFeedbackWords', { ...words, body: reply })
    const body = { ...reply, text: '另一句' }
    return ask(owner.token, 'putConsoleFeedbackWords', { ...words, body })
  })
  refuses('putConsoleFeedbackWords', 'feedback_state', async () =>
    ask(owner.token, 'putConsoleFeedbackWords', { ...withWords((await closed()).id), body: reply }),
  )
  refuses('putConsoleFeedbackWords', 'invalid_fields', async () => {
    const { id } = await told()
    // As a complaint of WeChat Pay is: its replies are shorter there.
    await sql`update feedback set source = 'wechat' where id = ${id}`.execute(db())
    const body = { ...reply, text: '长'.repeat(201) }
    return ask(owner.token, 'putConsoleFeedbackWords', { ...withWords(id), body })
  })
  refuses('putFeedbackClosure', 'not_found', () =>
    ask(owner.token, 'putFeedbackClosure', { ...byId(), ...closure }),
  )
  refuses('putFeedbackClosure', 'feedback_state', async () => {
    const body = { ...closure.body, cause: 'other' as const }
    return ask(owner.token, 'putFeedbackClosure', { ...byId((await closed()).id), body })
  })
  const reopening = { body: { reason: '用户补充了照片' } }
  refuses('putFeedbackReopening', 'not_found', () =>
    ask(owner.token, 'putFeedbackReopening', { ...byId(), ...reopening }),
  )
  refuses('putFeedbackReopening', 'feedback_state', async () =>
    ask(owner.token, 'putFeedbackReopening', { ...byId((await told()).id), ...reopening }),
  )
}
