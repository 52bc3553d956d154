/** Refusals of messages, of 「是否确认参与」, of check-in and of nudges (B8 B10 R10). */
import { randomUUID } from 'node:crypto'
import { cleaning } from '../../../server/demo/world.ts'
import { answerKey } from '../../../server/reminder/links.ts'
import { caller, must, signIn, somePhone } from '../../world.ts'
import { booked } from '../moving.ts'
import {
  ask,
  byId,
  confirmed,
  db,
  heldOrder,
  mei,
  owner,
  paying,
  refuses,
  registered,
  submit,
  world,
} from './setting.ts'

export function messagesRefusals(): void {
  refuses('putConsents', 'method_not_offered', async () => {
    await db()
      .updateTable('sessions')
      .set({ host: 'h5' })
      .where('user_id', '=', mei.userId)
      .execute()
    try {
      return await ask(mei.token, 'putConsents', { ...byId(), body: { answers: {} } })
    } finally {
      await db()
        .updateTable('sessions')
        .set({ host: 'weapp' })
        .where('user_id', '=', mei.userId)
        .execute()
    }
  })

  const noKey = { params: { key: 'A'.repeat(44) } }
  refuses('getAnswer', 'not_found', () => ask(null, 'getAnswer', noKey))
  refuses('putAnswer', 'not_found', () =>
    ask(null, 'putAnswer', { ...noKey, body: { answer: 'confirm' } }),
  )
  refuses('putAnswer', 'order_state', async () => {
    const { key, orderId } = await askedAbout()
    await must(mei.call, 'cancelOrder', { params: { id: orderId } })
    return ask(null, 'putAnswer', { params: { key }, body: { answer: 'confirm' } })
  })
  refuses('putAnswer', 'payment_pending', async () => {
    const { orderId } = await paying(mei)
    const key = await keyOf(orderId)
    world.sandbox.admin.fault('wechat.close', 'status500', null)
    return ask(null, 'putAnswer', { params: { key }, body: { answer: 'cancel' } })
  })
  refuses('putAnswer', 'fee_changed', async () => {
    const { key } = await lateOrder()
    return ask(null, 'putAnswer', { params: { key }, body: { answer: 'cancel', feeFen: 0 } })
  })
  refuses('cancelOrder', 'fee_changed', async () => {
    const { person, order } = await lateOrder()
    return ask(person.token, 'cancelOrder', { ...byId(order.id), query: { feeFen: 0 } })
  })
  refuses('putAttendance', 'not_found', () => ask(mei.token, 'putAttendance', byId()))
  refuses('putAttendance', 'order_state', async () =>
    ask(mei.token, 'putAttendance', byId(await heldOrder(mei))),
  )

  refuses('putCheckInCode', 'not_found', () => ask(mei.token, 'putCheckInCode', byId()))
  refuses('putCheckInCode', 'order_state', async () =>
    ask(mei.token, 'putCheckInCode', byId(await heldOrder(mei))),
  )
  refuses('findCheckIn', 'not_found', () =>
    ask(owner.token, 'findCheckIn', { params: { code: '00000000' } }),
  )
  refuses('checkIn', 'check_in_early', async () =>
    ask(owner.token, 'checkIn', { ...byId(await confirmed(mei)), body: { early: false } }),
  )

  refuses('putNudge', 'nudge_id_reused', async () => {
    const { params, orderId } = await nudged()
    return ask(owner.token, 'putNudge', { params, body: nudging(orderId, '请重新填写') })
  })
  refuses('putNudge', 'not_found', () =>
    ask(owner.token, 'putNudge', { ...byId(), body: nudging(randomUUID()) }),
  )
  refuses('putNudge', 'order_state', async () =>
    ask(owner.token, 'putNudge', { ...byId(), body: nudging(await heldOrder(mei)) }),
  )
  refuses('putNudge', 'nudge_open', async () => {
    const { orderId } = await nudged()
    return ask(owner.token, 'putNudge', { ...byId(), body: nudging(orderId) })
  })
  refuses('deleteNudge', 'not_found', () => ask(owner.token, 'deleteNudge', byId()))
  refuses('deleteNudge', 'nudge_over', async () => {
    const { params } = await nudged()
    await must(mei.call, 'putNudgeAnswer', { params, body: { value: '王小明' } })
    return ask(owner.token, 'deleteNudge', { params })
  })

  const answer = (value: unknown = '王小明') => ({ body: { value } })
  refuses('putNudgeAnswer', 'not_found', () =>
    ask(mei.token, 'putNudgeAnswer', { ...byId(), ...answer() }),
  )
  refuses('putNudgeAnswer', 'nudge_over', async () => {
    const { params } = await nudged()
    await must(caller(world.url, owner.token), 'deleteNudge', { params })
    return ask(mei.token, 'putNudgeAnswer', { params, ...answer() })
  })
  refuses('putNudgeAnswer', 'order_state', async () => {
    const { params, orderId } = await nudged()
    await must(mei.call, 'cancelOrder', { params: { id: orderId } })
    return ask(mei.token, 'putNudgeAnswer', { params, ...answer() })
  })
  refuses('putNudgeAnswer', 'invalid_fields', async () => {
    const { params } = await nudged('phone')
    return ask(mei.token, 'putNudgeAnswer', { params, ...answer('1380013') })
  })
  refuses('putNudgeAnswer', 'outside_area', async () => {
    const orderId = await heldOrder(mei, cleaning)
    const near = { region: ['上海市', '上海市', '徐汇区'], detail: '漕溪路 1 号' }
    const answers = { name: '王女士', phone: somePhone(), address: near, size: '60 ㎡ 以下' }
    expect((await submit(mei, orderId, answers)).status).toBe(200)
    const { params } = byId()
    const body = nudging(orderId, '请补充地址', 'address')
    await must(caller(world.url, owner.token), 'putNudge', { params, body })
    const far = { region: ['上海市', '上海市', '崇明区'], detail: '陈家镇 1 号' }
    return ask(mei.token, 'putNudgeAnswer', { params, ...answer(far) })
  })
  refuses('putNudgeAnswer', 'already_registered', async () => {
    const { params, orderId } = await nudged('phone')
    const { slot_id } = await db()
      .selectFrom('orders')
      .select('slot_id')
      .where('id', '=', orderId)
      .executeTakeFirstOrThrow()
    const phone = '13877770001'
    await db()
      .insertInto('registration_marks')
      .values({
        order_id: await registered(await signIn(world)),
        scope: slot_id,
        mark: world.parts.seal.index('phone', phone),
      })
      .execute()
    return ask(mei.token, 'putNudgeAnswer', { params, ...answer(phone) })
  })
}

const nudging = (orderId: string, note = '请补充姓名', fieldId = 'name') => ({
  orderId,
  fieldId,
  note,
})

/** A registered order of Mei's, asked about one field. */
async function nudged(fieldId = 'name') {
  const orderId = await registered(mei)
  const { params } = byId()
  const body = nudging(orderId, '请补充信息', fieldId)
  await must(caller(world.url, owner.token), 'putNudge', { params, body })
  return { params, orderId }
}

/** A confirmed order that was asked about, with the key of its link. */
async function askedAbout() {
  const orderId = await confirmed(mei)
  return { key: await keyOf(orderId), orderId }
}

/** Paid, and so near its start that leaving costs a fee. */
async function lateOrder() {
  const { person, order } = await booked(world, { startsIn: 3 })
  return { person, order, key: await keyOf(order.id) }
}

/** Asks about an order as if it were the day before, and answers the key of the link. */
async function keyOf(orderId: string): Promise<string> {
  const { slot_id } = await db()
    .selectFrom('orders')
    .select('slot_id')
    .where('id', '=', orderId)
    .executeTakeFirstOrThrow()
  const { id } = await db()
    .insertInto('reminders')
    .values({
      id: randomUUID(),
      user_id: mei.userId,
      order_id: orderId,
      slot_id,
      kind: 'day_before',
      once: `${orderId} ${slot_id}`,
      due_at: new Date(),
    })
    .onConflict((conflict) =>
      conflict.columns(['kind', 'once', 'user_id']).doUpdateSet({ due_at: new Date() }),
    )
    .returning('id')
    .executeTakeFirstOrThrow()
  return answerKey(world.parts.seal, id)
}
