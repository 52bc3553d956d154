/** Refusals of the disruption desk (M9). */
import { randomUUID } from 'node:crypto'
import type { Input } from '@jiyue/contract/schema/wire'
import { lecture } from '../../../server/demo/world.ts'
import { newSlot } from '../../races/setting.ts'
import { ask, byId, db, hour, owner, refuses } from './setting.ts'

type Wish = Input<'putDisruption'>['body']

export const wishOf = (slotIds: string[], change: Partial<Wish> = {}): Wish => ({
  slotIds,
  reason: '讲师突发疾病',
  note: null,
  choiceIds: [],
  fallback: 'refund',
  deadlineAt: new Date(Date.now() + hour).toISOString(),
  coupon: null,
  ...change,
})
const slot = (startsIn = 72) => newSlot(db(), { serviceId: lecture, capacity: 9, startsIn })
const put = (body: Wish, id: string = randomUUID()) =>
  ask(owner.token, 'putDisruption', { params: { id }, body })
const preview = (slotIds: string[]) => ask(owner.token, 'previewDisruption', { body: { slotIds } })

export function disruptionRefusals(): void {
  refuses('previewDisruption', 'not_found', async () => preview([await slot(), randomUUID()]))
  refuses('previewDisruption', 'slot_past', async () => preview([await slot(-1)]))
  refuses('putDisruption', 'disruption_id_reused', async () => {
    const [id, body] = [randomUUID(), wishOf([await slot()])]
    await put(body, id)
    return put({ ...body, fallback: 'keep' }, id)
  })
  refuses('putDisruption', 'not_found', async () => put(wishOf([await slot(), randomUUID()])))
  refuses('putDisruption', 'slot_past', async () => put(wishOf([await slot(-1)])))
  refuses('putDisruption', 'invalid_fields', async () => {
    // After the slot has begun nobody can answer.
    const deadlineAt = new Date(Date.now() + 80 * hour).toISOString()
    return put(wishOf([await slot()], { deadlineAt }))
  })
  refuses('getDisruption', 'not_found', () => ask(owner.token, 'getDisruption', byId()))
  refuses('putChase', 'not_found', () =>
    ask(owner.token, 'putChase', { params: { id: randomUUID(), channel: 'sms' } }),
  )
}
