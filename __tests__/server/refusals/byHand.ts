/** Refusals of what is done to orders by hand (M7): a row `refuses(endpoint, code, how)` each. */
import { randomUUID } from 'node:crypto'
import type { Input } from '@jiyue/contract/schema/wire'
import { sql } from 'kysely'
import { cleaning } from '../../../server/demo/world.ts'
import { must, signIn, signInConsole, somePhone } from '../../world.ts'
import { pngOf } from '../proving.ts'
import { someCash } from './inputs.ts'
import {
  ask,
  byId,
  cancelled,
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

type Cash = Input<'putOfflinePayment'>['body']

const take = (orderId: string, changes: Partial<Cash> = {}, id?: string) =>
  ask(owner.token, 'putOfflinePayment', {
    ...byId(id),
    body: { ...someCash(orderId), ...changes },
  })
const set = (id: string, from: 'completed' | 'registered' | 'confirmed', to = 'missed' as const) =>
  ask(owner.token, 'putOrderState', { ...byId(id), body: { from, to, reason: '核对后更正' } })

/** An order that nobody has to pay, registered. */
async function free(): Promise<string> {
  const id = await registered(mei)
  await sql`update orders set payable_fen = 0 where id = ${id}`.execute(db())
  return id
}

const confirm = (id: string, from: 'registered' | 'expired') =>
  ask(owner.token, 'putOrderState', {
    ...byId(id),
    body: { from, to: 'confirmed', reason: '免费活动，人工确认' },
  })

async function lapse(id: string): Promise<string> {
  await sql`update orders set held_until = clock_timestamp() where id = ${id}`.execute(db())
  return id
}

/** Its time is over and its slot has no seat any more. */
async function late(id: string): Promise<string> {
  await lapse(id)
  await sql`update slots set closed_reason = '闭店'
    where id = (select slot_id from orders where id = ${id})`.execute(db())
  return id
}

export function byHandRefusals(): void {
  refuses('putOfflinePayment', 'not_found', () => take(randomUUID()))
  refuses('putOfflinePayment', 'payment_id_reused', async () => {
    const { id } = byId().params
    const orderId = await registered(mei)
    await take(orderId, { amountFen: await owedOf(orderId) }, id)
    return take(orderId, { receivedBy: '别人' }, id)
  })
  refuses('putOfflinePayment', 'not_registered', async () => take(await heldOrder(mei)))
  refuses('putOfflinePayment', 'already_paid', async () => take(await confirmed(mei)))
  refuses('putOfflinePayment', 'order_state', async () => take(await cancelled(mei)))
  refuses('putOfflinePayment', 'invalid_fields', async () =>
    take(await registered(mei), { amountFen: 1 }),
  )
  refuses('putOfflinePayment', 'payment_pending', async () => {
    const { orderId } = await paying(mei)
    world.sandbox.admin.fault('wechat.close', 'status500', null)
    return take(orderId, { amountFen: await owedOf(orderId) })
  })
  refuses('putOfflinePayment', 'transaction_known', async () => {
    const [one, two] = [await registered(mei), await registered(mei)]
    const slip = { way: 'transfer', number: `F${Date.now()}` } as const
    await take(one, { ...slip, amountFen: await owedOf(one) })
    return take(two, { ...slip, amountFen: await owedOf(two) })
  })
  refuses('putOfflinePayment', 'slot_gone', async () => {
    const id = await late(await registered(mei))
    return take(id, { amountFen: await owedOf(id) })
  })
  refuses('putConsolePicture', 'picture_invalid', () =>
    ask(owner.token, 'putConsolePicture', { ...byId(), body: { base64: 'bm90IGEgcGljdHVyZQ==' } }),
  )
  refuses('putConsolePicture', 'picture_id_reused', async () => {
    const picture = { ...byId(), body: { base64: (await pngOf()).toString('base64') } }
    await ask(mei.token, 'putPicture', picture)
    return ask(owner.token, 'putConsolePicture', picture)
  })

  refuses('getConsoleRegistration', 'not_found', () =>
    ask(owner.token, 'getConsoleRegistration', byId()),
  )
  refuses('putAmendment', 'not_found', () => change(randomUUID()))
  refuses('putAmendment', 'amendment_id_reused', async () => {
    const { id } = byId().params
    const orderId = await registered(mei)
    await change(orderId, {}, id)
    return change(orderId, { reason: '又一个原因' }, id)
  })
  refuses('putAmendment', 'order_state', async () => change(await heldOrder(mei)))
  refuses('putAmendment', 'answers_changed', async () =>
    change(await registered(mei), { revision: 7 }),
  )
  refuses('putAmendment', 'invalid_fields', async () =>
    change(await registered(mei), { values: { phone: '12' } }),
  )
  refuses('putAmendment', 'outside_area', async () => {
    const id = await heldOrder(mei, cleaning)
    const near = { region: ['上海市', '上海市', '徐汇区'], detail: '漕溪路 1 号' }
    const answers = { name: '王女士', phone: somePhone(), address: near, size: '60 ㎡ 以下' }
    expect((await submit(mei, id, answers)).status).toBe(200)
    const far = { region: ['上海市', '上海市', '崇明区'], detail: '陈家镇 1 号' }
    return change(id, { values: { address: far } })
  })
  refuses('putAmendment', 'already_registered', async () => {
    const orderId = await registered(mei)
    const { slot_id } = await db()
      .selectFrom('orders')
      .select('slot_id')
      .where('id', '=', orderId)
      .executeTakeFirstOrThrow()
    const phone = '13877770002'
    await db()
      .insertInto('registration_marks')
      .values({
        order_id: await registered(await signIn(world)),
        scope: slot_id,
        mark: world.parts.seal.index('phone', phone),
      })
      .execute()
    return change(orderId, { values: { phone } })
  })

  const view = { name: '本周待缴费', filter: {}, hidden: [] }
  refuses('putView', 'not_found', async () => {
    const mine = { ...byId(), body: view }
    await ask(owner.token, 'putView', mine)
    return ask((await signInConsole(world, 'desk')).token, 'putView', mine)
  })
  refuses('putView', 'view_limit', async () => {
    const { token } = await signInConsole(world, 'finance')
    for (let i = 0; i < 30; i++) await ask(token, 'putView', { ...byId(), body: view })
    return ask(token, 'putView', { ...byId(), body: view })
  })
  refuses('deleteView', 'not_found', () => ask(owner.token, 'deleteView', byId()))

  refuses('putOrderState', 'not_found', () => set(randomUUID(), 'completed'))
  refuses('putOrderState', 'order_state', async () => set(await confirmed(mei), 'completed'))
  refuses('putOrderState', 'not_by_hand', async () => set(await confirmed(mei), 'confirmed'))
  refuses('putOrderState', 'payment_pending', async () => {
    const { orderId } = await paying(mei)
    world.sandbox.admin.fault('wechat.close', 'status500', null)
    return confirm(orderId, 'registered')
  })
  refuses('putOrderState', 'slot_gone', async () => confirm(await late(await free()), 'expired'))
}

async function owedOf(id: string): Promise<number> {
  return (await must(mei.call, 'getOrder', byId(id))).payableFen
}

type Amendment = Input<'putAmendment'>['body']

const change = (orderId: string, changes: Partial<Amendment> = {}, id?: string) =>
  ask(owner.token, 'putAmendment', {
    ...byId(id),
    body: { orderId, revision: 1, values: { name: '林小雪' }, reason: '客户来电更正', ...changes },
  })
