/** 投诉与建议 (G8, M8) on the real database: told, answered, closed; once, by right, with nothing lost. */
import { randomUUID } from 'node:crypto'
import {
  feedbackEvents,
  feedbackMoves,
  feedbackStates,
  mayFeedback,
} from '@jiyue/contract/feedback'
import type { Input } from '@jiyue/contract/schema/wire'
import { addDays, dayOf } from '@jiyue/contract/time'
import { sql } from 'kysely'
import { people } from '../../server/demo/world.ts'
import { forgetUnused } from '../../server/picture/picture.ts'
import { sendDue } from '../../server/reminder/deliver.ts'
import { must, openWorld, type Person, signIn, signInOwner, type World } from '../world.ts'
import { codeOf, pngOf, sendPicture } from './proving.ts'
import { openEar } from './socket.ts'

let world: World
let owner: Awaited<ReturnType<typeof signInOwner>>
beforeAll(async () => {
  world = await openWorld()
  owner = await signInOwner(world)
})
afterAll(() => world.close())
afterEach(() => {
  world.clock.aheadMs = 0
})

const db = () => world.database.db
const hour = 3_600_000
type Telling = Input<'putFeedback'>['body']

const telling = (change: Partial<Telling> = {}): Telling => ({
  kind: 'complaint',
  text: '老师迟到了二十分钟',
  pictureIds: [],
  orderId: null,
  phone: null,
  page: '/pages/order/index',
  ...change,
})

async function told(change: Partial<Telling> = {}, person?: Person) {
  const who = person ?? (await signIn(world))
  const id = randomUUID()
  const body = telling(change)
  const feedback = await must(who.call, 'putFeedback', { params: { id }, body })
  return { person: who, id, body, feedback }
}

const byId = (id: string) => ({ params: { id } })
const words = (id: string, wordsId: string = randomUUID()) => ({ params: { id, wordsId } })
const reply = (id: string, text = '您好，已为您核实') =>
  must(owner.call, 'putConsoleFeedbackWords', { ...words(id), body: { kind: 'reply', text } })
const close = (id: string, solution = '已退还上门费') =>
  must(owner.call, 'putFeedbackClosure', { ...byId(id), body: { cause: 'late', solution } })

describe('a person tells', () => {
  test('with pictures and a number of their own; the same again is the same, and the team hears it', async () => {
    const person = await signIn(world)
    const pictureIds = [
      await sendPicture(person, await pngOf()),
      await sendPicture(person, await pngOf()),
    ]
    const ear = await openEar(world.url)
    ear.say({ type: 'sign_in', token: owner.token })
    ear.say({ type: 'follow', topics: ['console'] })
    await ear.settled()
    const { id, body, feedback } = await told({ pictureIds, phone: '138 0013 8000' }, person)
    await ear.hears((frame) => frame.type === 'hint' && frame.topic === 'console')
    ear.close()
    expect(feedback).toMatchObject({
      state: 'open',
      pictures: pictureIds,
      phoneMasked: '138****8000',
    })
    expect(await must(person.call, 'putFeedback', { ...byId(id), body })).toEqual(feedback)
    const seen = await must(owner.call, 'getConsoleFeedback', byId(id))
    expect(seen).toMatchObject({ phone: '13800138000', page: '/pages/order/index', words: [] })
    expect(Date.parse(seen.dueAt ?? '') - Date.parse(seen.createdAt)).toBe(24 * hour)
    const picture = { params: { id, pictureId: pictureIds[0] ?? '' } }
    expect((await must(owner.call, 'getFeedbackPicture', picture)).type).toBe('image/jpeg')
    const [row] = (
      await sql<{ phone: string }>`select phone_sealed as phone from feedback
      where id = ${id}`.execute(db())
    ).rows
    expect(row?.phone).not.toContain('138')
    world.clock.aheadMs = 30 * 24 * hour
    await forgetUnused(world.parts)
    world.clock.aheadMs = 0
    expect((await must(owner.call, 'getFeedbackPicture', picture)).type).toBe('image/jpeg')
  })

  test('not about another’s order, not with another’s pictures; two taps at once are one', async () => {
    const [mine, other] = [await signIn(world), await signIn(world)]
    const pictureIds = [await sendPicture(other, await pngOf())]
    const params = { id: randomUUID() }
    expect(codeOf(await mine.call('putFeedback', { params, body: telling({ pictureIds }) }))).toBe(
      'not_found',
    )
    const both = await Promise.all(
      [1, 2].map(() => mine.call('putFeedback', { params, body: telling() })),
    )
    expect(both.map(({ ok }) => ok)).toEqual([true, true])
    expect((await must(mine.call, 'listFeedback', {})).feedback).toHaveLength(1)
    expect(codeOf(await other.call('putFeedback', { params, body: telling() }))).toBe(
      'feedback_id_reused',
    )
    expect(codeOf(await other.call('getFeedback', { params }))).toBe('not_found')
  })

  test('so many a day, words added later included; many at once do not slip past', async () => {
    const { person, id } = await told()
    const many = await Promise.all(
      Array.from({ length: 24 }, (_, n) =>
        n % 2
          ? person.call('putFeedback', { ...byId(randomUUID()), body: telling() })
          : person.call('putFeedbackWords', { ...words(id), body: { text: `第 ${n} 句` } }),
      ),
    )
    expect(many.filter(({ ok }) => ok)).toHaveLength(19)
    expect(new Set(many.filter(({ ok }) => !ok).map(codeOf))).toEqual(
      new Set(['too_many_requests']),
    )
    world.clock.aheadMs = 25 * hour
    await told({}, person)
  })

  test('takes their words with them when they go: the count of causes stays', async () => {
    const { person, id } = await told({ phone: '13800138000' })
    await reply(id)
    const data = await must(person.call, 'getMyData', {})
    expect(data.feedback).toMatchObject([
      { text: '老师迟到了二十分钟', phone: '13800138000', words: [{ mine: false }] },
    ])
    await must(person.call, 'deleteMe', {})
    const seen = await must(owner.call, 'getConsoleFeedback', byId(id))
    expect(seen).toMatchObject({
      text: '',
      phone: null,
      state: 'closed',
      cause: 'other',
      pictures: [],
    })
    expect(seen.words.map(({ text }) => text).join('')).toBe('')
  })
})

describe('the team', () => {
  test('replies, and the person is told in the inbox and sees the whole conversation, but no note', async () => {
    const { person, id } = await told()
    await must(owner.call, 'putConsoleFeedbackWords', {
      ...words(id),
      body: { kind: 'note', text: '老客户，当天堵车' },
    })
    expect((await must(owner.call, 'getConsoleFeedback', byId(id))).state).toBe('open')
    const params = words(id)
    const body = { kind: 'reply' as const, text: '非常抱歉，已为您核实' }
    const once = await must(owner.call, 'putConsoleFeedbackWords', { ...params, body })
    expect(await must(owner.call, 'putConsoleFeedbackWords', { ...params, body })).toEqual(once)
    expect(once).toMatchObject({ state: 'answered', dueAt: null })
    await sendDue(world.parts)
    const { messages } = await must(person.call, 'listMessages', {})
    expect(messages).toMatchObject([
      { title: '商家已回复您的反馈', path: `/pages/feedback/talk?id=${id}` },
    ])
    expect(messages[0]?.text).toContain('非常抱歉，已为您核实')
    await must(person.call, 'putFeedbackWords', { ...words(id), body: { text: '那退款呢？' } })
    const mine = await must(person.call, 'getFeedback', byId(id))
    expect(mine.words.map(({ mine, text }) => [mine, text])).toEqual([
      [false, '非常抱歉，已为您核实'],
      [true, '那退款呢？'],
    ])
    expect(mine.state).toBe('open')
  })

  test('says who looks after it until when; overdue ones are found, and stay late once answered', async () => {
    const { id } = await told()
    const finance = people.find(({ role }) => role === 'finance')?.id ?? ''
    const dueAt = new Date(Date.now() + 2 * hour).toISOString()
    const set = (body: Input<'putFeedbackHandling'>['body']) =>
      owner.call('putFeedbackHandling', { ...byId(id), body })
    expect(codeOf(await set({ assigneeId: finance, dueAt }))).toBe('invalid_fields')
    const ended = randomUUID()
    await sql`insert into people (id, login, name, role, created_at, deactivated_at)
      values (${ended}, ${ended}, '离职客服', 'support', now(), now())`.execute(world.database.db)
    expect(codeOf(await set({ assigneeId: ended, dueAt }))).toBe('invalid_fields')
    const mine = people.find(({ role }) => role === 'owner')?.id ?? ''
    await set({ assigneeId: mine, dueAt })
    await set({ assigneeId: mine, dueAt })
    const seen = await must(owner.call, 'getConsoleFeedback', byId(id))
    expect(seen).toMatchObject({ assignee: { id: mine }, dueAt })
    expect(seen.words.filter(({ kind }) => kind === 'log')).toHaveLength(1)
    const ask = (query: Input<'listConsoleFeedback'>['query']) =>
      must(owner.call, 'listConsoleFeedback', { query })
    const ids = async (query: Input<'listConsoleFeedback'>['query']) =>
      (await ask(query)).feedback.map((one) => one.id)
    expect(await ids({ overdue: 'yes' })).not.toContain(id)
    expect(await ids({ assignee: mine })).toContain(id)
    expect(await ids({ assignee: 'nobody' })).not.toContain(id)
    world.clock.aheadMs = 3 * hour
    expect(await ids({ overdue: 'yes' })).toContain(id)
    expect((await ask({})).overdue).toBeGreaterThan(0)
    await reply(id)
    expect(await ids({ overdue: 'yes' })).not.toContain(id)
    const today = dayOf(Date.now())
    const query = { from: today, to: addDays(today, 1), per: 'day' as const }
    expect((await must(owner.call, 'getFeedbackCauses', { query })).late).toBeGreaterThan(0)
  })

  test('a time that was missed stays missed, whatever later time is set then', async () => {
    const { id } = await told()
    const late = async () => {
      const query = {
        from: dayOf(Date.now()),
        to: addDays(dayOf(Date.now()), 1),
        per: 'day' as const,
      }
      return (await must(owner.call, 'getFeedbackCauses', { query })).late
    }
    const before = await late()
    await sql`update feedback set due_at = now() - interval '1 minute' where id = ${id}`.execute(
      db(),
    )
    const dueAt = new Date(Date.now() + 60 * hour).toISOString()
    await must(owner.call, 'putFeedbackHandling', {
      ...byId(id),
      body: { assigneeId: null, dueAt },
    })
    await reply(id)
    expect(await late()).toBe(before + 1)
  })

  test('whoever leaves, or may not look after it any more, hands back what is not closed', async () => {
    const dueAt = new Date(Date.now() + 2 * hour).toISOString()
    const person = (role: 'support' | 'finance', login: string) => ({
      body: { login, name: '小舟', role, phone: null, mail: null },
    })
    const mine = async (id: string) => {
      const { feedback } = await must(owner.call, 'listConsoleFeedback', {
        query: { assignee: 'nobody' },
      })
      return feedback.some((one) => one.id === id)
    }
    for (const leaves of ['ended', 'another role'] as const) {
      const helper = randomUUID()
      const login = `h${helper.slice(0, 8)}`
      await must(owner.call, 'putPerson', { ...byId(helper), ...person('support', login) })
      const [open, over] = [await told(), await told()]
      for (const { id } of [open, over])
        await must(owner.call, 'putFeedbackHandling', {
          ...byId(id),
          body: { assigneeId: helper, dueAt },
        })
      await close(over.id)
      if (leaves === 'ended')
        await must(owner.call, 'putDeactivation', { ...byId(helper), body: { reason: '离职' } })
      else await must(owner.call, 'putPerson', { ...byId(helper), ...person('finance', login) })
      expect([leaves, await mine(open.id)]).toEqual([leaves, true])
      // Who looked after what is over stays written.
      expect((await must(owner.call, 'getConsoleFeedback', byId(over.id))).assignee?.id).toBe(
        helper,
      )
    }
  })

  test('closes with cause and solution, opens again with a reason; each once, in the log of events', async () => {
    const { person, id } = await told()
    const closed = await close(id)
    expect(await close(id)).toEqual(closed)
    expect(closed).toMatchObject({
      state: 'closed',
      cause: 'late',
      solution: '已退还上门费',
      dueAt: null,
    })
    expect((await must(person.call, 'getFeedback', byId(id))).solution).toBe('已退还上门费')
    const reopened = await must(owner.call, 'putFeedbackReopening', {
      ...byId(id),
      body: { reason: '用户补充了照片' },
    })
    expect(reopened).toMatchObject({ state: 'open', cause: null, solution: null })
    expect(reopened.words.map(({ text }) => text)).toEqual([
      '办结：迟到或爽约；已退还上门费',
      '重新打开：用户补充了照片',
    ])
    const { rows } = await sql<{
      what: string
      by: string
    }>`select what, split_part(by, ':', 1) as by
      from events where details ->> 'feedback' = ${id} order by id`.execute(db())
    expect(rows).toEqual([
      { what: 'feedback', by: 'user' },
      { what: 'feedback_close', by: 'merchant' },
      { what: 'feedback_reopen', by: 'merchant' },
    ])
  })

  test('of closing and writing at once both are kept, whoever is first', async () => {
    const { person, id } = await told()
    await Promise.all([
      close(id),
      must(person.call, 'putFeedbackWords', { ...words(id), body: { text: '等等，还有一件事' } }),
    ])
    const { state, words: lines } = await must(owner.call, 'getConsoleFeedback', byId(id))
    expect(lines.map(({ kind }) => kind).sort()).toEqual(['log', 'said'])
    // Closed first: open again by the words. Words first: closed over them, and they stand in it.
    expect(state).toBe(lines[0]?.kind === 'log' ? 'open' : 'closed')
  })

  test('counts causes by day, week and month as the rows say', async () => {
    const { id } = await told()
    await close(id)
    const today = dayOf(Date.now())
    const query = { from: addDays(today, -40), to: today }
    for (const per of ['day', 'week', 'month'] as const) {
      const { causes } = await must(owner.call, 'getFeedbackCauses', { query: { ...query, per } })
      const { rows } = await sql<{
        cause: string
        count: number
      }>`select cause, count(*)::int as count
        from feedback where state = 'closed' group by cause`.execute(db())
      for (const { cause, count } of rows) {
        const mine = causes.filter((one) => one.cause === cause)
        expect([per, cause, mine.reduce((sum, one) => sum + one.count, 0)]).toEqual([
          per,
          cause,
          count,
        ])
      }
    }
  })

  test('pages go on where they ended, and text finds names, numbers and words, % as itself', async () => {
    const person = await signIn(world)
    await sql`update rules set value = '1000' where key = 'feedbackPerDay'`.execute(db())
    await sql`insert into rules values ('feedbackPerDay', 1000) on conflict do nothing`.execute(
      db(),
    )
    for (let n = 0; n < 53; n++) await told({ text: `分页测试 ${n}` }, person)
    const seen: string[] = []
    let after: string | undefined
    do {
      const query = { text: '分页测试', ...(after && { after }) }
      const page = await must(owner.call, 'listConsoleFeedback', { query })
      seen.push(...page.feedback.map((one) => one.id))
      after = page.next ?? undefined
    } while (after)
    expect(new Set(seen).size).toBe(53)
    expect(seen).toHaveLength(53)
    const none = await must(owner.call, 'listConsoleFeedback', { query: { text: '分页%' } })
    expect(none.feedback).toEqual([])
  })
})

test('the table of states is the database’s: nothing else is kept', async () => {
  for (const state of feedbackStates) {
    for (const event of feedbackEvents) {
      expect(mayFeedback(state, event)).toBe(feedbackMoves[state][event] !== undefined)
    }
  }
  const { id } = await told()
  for (const set of [
    sql`state = 'closed'`,
    sql`state = 'answered'`,
    sql`due_at = null`,
    sql`cause = 'late'`,
  ]) {
    await expect(sql`update feedback set ${set} where id = ${id}`.execute(db())).rejects.toThrow(
      /check/,
    )
  }
})
