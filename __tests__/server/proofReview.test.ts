/** Deciding about proofs (P10): exactly once, by the rules of any other money, with the evidence kept. */
import { randomUUID } from 'node:crypto'
import type { Input, Reply } from '@jiyue/contract/schema/wire'
import { sql } from 'kysely'
import { lecture, people } from '../../server/demo/world.ts'
import { settleRefund } from '../../server/payment/refund.ts'
import { settle } from '../../server/payment/settle.ts'
import { sendDue } from '../../server/reminder/deliver.ts'
import { refundDue } from '../../server/sweep/sweep.ts'
import { copyWithout, newSlot, seatsTaken } from '../races/setting.ts'
import {
  caller,
  must,
  openWorld,
  type Person,
  payAtCashier,
  registeredOrder,
  signIn,
  signInConsole,
  signInOwner,
  until,
  type World,
} from '../world.ts'
import {
  codeOf,
  everything,
  minute,
  openPayment,
  type Paying,
  paying,
  pngOf,
  readOrder,
  sendPicture,
} from './proving.ts'

let world: World
let owner: Person['call']
let finance: Person['call']
let desk: Person['call']
beforeAll(async () => {
  world = await openWorld()
  owner = (await signInOwner(world)).call
  finance = await signInAs('finance')
  desk = await signInAs('desk')
})
afterAll(() => world.close())
afterEach(() => {
  world.sandbox.admin.clearFaults()
  later(0)
})

const db = () => world.database.db
const later = (minutes: number) => {
  world.clock.aheadMs = minutes * minute
}

async function signInAs(name: string): Promise<Person['call']> {
  const { token } = await signInConsole(world, name)
  return caller(world.url, token)
}

interface Proven extends Paying {
  proofId: string
}

let numbers = 0
/** A transaction number nobody else in this test file has. */
function someNumber(): string {
  numbers += 1
  return `42000012342026100100000${String(numbers).padStart(5, '0')}`
}

/** A proof of a payment that its provider knows nothing of. */
async function proven(mei?: Paying, paidFen = 4900, transactionId = someNumber()): Promise<Proven> {
  later(0)
  const of = mei ?? (await paying(world))
  later(11)
  const params = { id: randomUUID() }
  const pictureId = await sendPicture(of.person, await pngOf())
  const body = { orderId: of.order.id, pictureId, paidFen, transactionId }
  await must(of.person.call, 'putProof', { params, body })
  return { ...of, proofId: params.id }
}

type Decision = Input<'putDecision'>['body']
const approve = (of: Partial<Extract<Decision, { decision: 'approve' }>> = {}): Decision => ({
  decision: 'approve',
  paidFen: 4900,
  transactionId: someNumber(),
  ...of,
})
const reject: Decision = { decision: 'reject', reason: '截图看不清，请重新上传' }
const decide = (call: Person['call'], { proofId }: Proven, body: Decision) =>
  call('putDecision', { params: { id: proofId }, body })

const list = (state: 'submitted' | 'decided', after?: string) =>
  must(owner, 'listProofs', { query: { state, ...(after && { after }) } })

const paymentOf = ({ paymentId }: Paying) =>
  db().selectFrom('payments').selectAll().where('id', '=', paymentId).executeTakeFirstOrThrow()
const refundsOf = ({ paymentId }: Paying) =>
  db().selectFrom('refunds').selectAll().where('payment_id', '=', paymentId).execute()
const factsOf = ({ paymentId }: Paying) =>
  db().selectFrom('facts').selectAll().where('payment_id', '=', paymentId).orderBy('id').execute()
const proofOf = ({ proofId }: Proven) =>
  db().selectFrom('proofs').selectAll().where('id', '=', proofId).executeTakeFirstOrThrow()
const happened = async ({ order }: Paying, ...what: string[]) => {
  const events = await db()
    .selectFrom('events')
    .selectAll()
    .where('order_id', '=', order.id)
    .where('what', 'in', what)
    .execute()
  return events.map((event) => event.what)
}
const told = async ({ proofId }: Proven) => {
  const rows = await db().selectFrom('reminders').selectAll().where('about', '=', proofId).execute()
  return rows.map(({ kind }) => kind)
}
const providerSays = (mei: Paying, amountFen = 4900) =>
  settle(
    world.parts,
    {
      kind: 'trade',
      method: 'wechat',
      tradeNo: mei.tradeNo,
      state: 'paid',
      amountFen,
      transactionId: '4200009999202610010000000009',
    },
    'notice',
  )

describe('approved', () => {
  test('the payment counts as made: the order is confirmed, by whom and why stays on it', async () => {
    const mei = await proven()
    const transactionId = someNumber()
    const answer = await decide(
      finance,
      mei,
      approve({ reason: '已在商户平台核对', transactionId }),
    )
    if (!answer.ok) throw new Error(answer.code)
    expect(answer.value).toMatchObject({
      id: mei.proofId,
      state: 'approved',
      reason: '已在商户平台核对',
      decidedBy: expect.stringMatching(/^merchant:/),
      decidedByName: people.find(({ role }) => role === 'finance')?.name,
    })
    const order = await readOrder(mei.person, mei.order.id)
    expect([order.state, order.proof?.state, order.mayProve]).toEqual([
      'confirmed',
      'approved',
      false,
    ])
    expect(await paymentOf(mei)).toMatchObject({
      state: 'succeeded',
      paid_fen: 4900,
      transaction_id: transactionId,
      ask_at: null,
    })
    expect(await seatsTaken(db(), order.slot.id)).toBe(1)
    expect((await factsOf(mei)).at(-1)).toMatchObject({
      heard_by: 'proof',
      state: 'paid',
      amount_fen: 4900,
      verdict: 'confirmed',
      reference: `proof ${mei.proofId}`,
    })
    expect(await happened(mei, 'prove', 'approve_proof', 'confirm')).toEqual([
      'prove',
      'confirm',
      'approve_proof',
    ])
    expect(await told(mei)).toEqual(['proof_approved'])
    expect(await refundsOf(mei)).toEqual([])
  })

  test('the trade nobody paid is closed at its provider first, so that nobody pays it as well', async () => {
    const mei = await proven()
    await must(owner, 'putDecision', { params: { id: mei.proofId }, body: approve() })
    const truth = await world.parts.gateways.wechat.query(mei.tradeNo, world.parts.now())
    expect(truth).toMatchObject({ ok: true, value: { state: 'closed' } })
  })

  test('it was paid when the proof was sent at the latest, not when somebody had time to look', async () => {
    const mei = await proven()
    const sent = (await proofOf(mei)).created_at
    later(24)
    await must(owner, 'putDecision', { params: { id: mei.proofId }, body: approve() })
    expect((await paymentOf(mei)).paid_at).toEqual(sent)
  })

  test('another amount than asked for goes back whole, by rule', async () => {
    const mei = await proven()
    await must(owner, 'putDecision', {
      params: { id: mei.proofId },
      body: approve({ paidFen: 4000 }),
    })
    expect((await readOrder(mei.person, mei.order.id)).state).toBe('registered')
    expect(await refundsOf(mei)).toMatchObject([{ amount_fen: 4000, reason: 'wrong_amount' }])
    expect(await paymentOf(mei)).toMatchObject({ paid_fen: 4000, state: 'succeeded' })
    expect(await told(mei)).toEqual(['proof_approved'])
  })

  test('when the seat is gone meanwhile the money goes back, and nobody else loses theirs', async () => {
    later(0)
    const slotId = await newSlot(db(), { serviceId: lecture, capacity: 1 })
    const mei = await proven(await paying(world, slotId))
    later(0)
    await sql`update orders set held_until = clock_timestamp() where id = ${mei.order.id}`.execute(
      db(),
    )
    const lan = await registeredOrder(await signIn(world), slotId)
    later(11)
    await must(owner, 'putDecision', { params: { id: mei.proofId }, body: approve() })
    expect((await readOrder(mei.person, mei.order.id)).state).toBe('expired')
    expect(await refundsOf(mei)).toMatchObject([{ amount_fen: 4900, reason: 'slot_gone' }])
    expect(await seatsTaken(db(), slotId)).toBe(1)
    expect(lan.state).toBe('registered')
  })

  test('of an order cancelled meanwhile the money goes back', async () => {
    const mei = await proven()
    await must(mei.person.call, 'cancelOrder', { params: { id: mei.order.id } })
    await must(owner, 'putDecision', { params: { id: mei.proofId }, body: approve() })
    expect(await refundsOf(mei)).toMatchObject([{ amount_fen: 4900, reason: 'slot_gone' }])
  })

  test('a silent provider holds the merchant up no more than the person', async () => {
    const mei = await proven()
    world.sandbox.admin.fault('wechat.close', 'status500', null)
    expect(codeOf(await decide(owner, mei, approve()))).toBe('ok')
    expect((await readOrder(mei.person, mei.order.id)).state).toBe('confirmed')
  })

  test('the provider’s own news afterwards is known: no second confirming, no refund', async () => {
    const mei = await proven()
    await must(owner, 'putDecision', { params: { id: mei.proofId }, body: approve() })
    expect(await providerSays(mei)).toBe('known')
    expect(await happened(mei, 'confirm')).toEqual(['confirm'])
    expect(await refundsOf(mei)).toEqual([])
    expect((await factsOf(mei)).at(-1)).toMatchObject({ heard_by: 'notice', verdict: 'known' })
  })

  /** A refund of money that its provider never had. */
  async function stuck() {
    const mei = await proven()
    await must(owner, 'putDecision', { params: { id: mei.proofId }, body: approve() })
    await must(mei.person.call, 'cancelOrder', { params: { id: mei.order.id } })
    expect(await refundsOf(mei)).toMatchObject([{ state: 'requested', amount_fen: 4900 }])
    for (let tries = 0; tries < 12; tries++) {
      world.clock.aheadMs += 61 * minute
      await refundDue(world.parts)
    }
    const [refund] = await refundsOf(mei)
    return { ...mei, refundId: refund?.id as string }
  }
  const said = { note: '平台查无此款，公司账户转账', evidence: '流水 20261128001' }
  const otherwise = (call: Person['call'], id: string, body = said) =>
    call('putOtherwise', { params: { id }, body })

  test('money its provider never had cannot go back through it: it stays owed, and a person sees why', async () => {
    const mei = await stuck()
    // Still owed, and shown with the provider's no: the merchant gives it back another way.
    const { refunds } = await must(owner, 'listRefunds', { query: {} })
    const shown = refunds.filter(({ orderId }) => orderId === mei.order.id)
    expect(shown).toMatchObject([
      {
        amountFen: 4900,
        failure: expect.any(String),
        ways: ['again', 'otherwise'],
        reason: 'cancelled',
      },
    ])
    expect((await refundsOf(mei))[0]?.refunded_at).toBeNull()
  })

  test('until a person says that it was paid back otherwise, and what shows it: then it is over', async () => {
    const mei = await stuck()
    expect(codeOf(await otherwise(desk, mei.refundId))).toBe('forbidden')
    const answers = await Promise.all([1, 2].map(() => otherwise(finance, mei.refundId)))
    // Two taps at once: one has the refund's turn, the other is done with it or asks once more.
    const codes = answers.map(codeOf)
    expect(codes).toContain('ok')
    expect(codes.filter((code) => code !== 'ok' && code !== 'unavailable')).toEqual([])
    const before = await everything(world)
    expect(codeOf(await otherwise(finance, mei.refundId))).toBe('ok')
    expect(codeOf(await otherwise(owner, mei.refundId))).toBe('refund_state')
    expect(await everything(world)).toBe(before)
    const [row] = await refundsOf(mei)
    expect(row).toMatchObject({ state: 'otherwise', due_at: null })
    expect(row?.refunded_at).toBeInstanceOf(Date)
    const { refunds } = await must(owner, 'listRefunds', { query: { state: 'otherwise' } })
    const byName = people.find(({ role }) => role === 'finance')?.name
    expect(refunds.find(({ id }) => id === mei.refundId)).toMatchObject({
      ways: [],
      otherwise: { ...said, byName },
    })
    const events = await db()
      .selectFrom('events')
      .selectAll()
      .where('order_id', '=', mei.order.id)
      .where('what', '=', 'refund_otherwise')
      .execute()
    expect(events).toMatchObject([
      { by: expect.stringMatching(/^merchant:/), details: { ...said, amountFen: 4900 } },
    ])
    const seen = await readOrder(mei.person, mei.order.id)
    expect(seen.refunds).toMatchObject([{ state: 'otherwise' }])
    // Two taps, one message: it did not come back the way they paid, and how it did.
    await sendDue(world.parts)
    const { messages } = await must(mei.person.call, 'listMessages', {})
    expect(messages.filter(({ text }) => text.includes('另行退还'))).toMatchObject([
      { text: expect.stringContaining(`退款 ¥49 已由商家另行退还：${said.note}`) },
    ])
    expect(messages.filter(({ title }) => title === '退款到账')).toEqual([])
    // Nothing is asked for any more, and no more can be given back.
    later(60 * 24 * 30)
    await refundDue(world.parts)
    expect(await refundsOf(mei)).toEqual([row])
  })

  test('its provider has the first word, and without that nobody pays otherwise', async () => {
    const mei = await stuck()
    world.sandbox.admin.fault('wechat.refundQuery', 'status500', null)
    expect(codeOf(await otherwise(owner, mei.refundId))).toBe('unavailable')
    expect((await refundsOf(mei))[0]?.state).toBe('requested')
  })

  test('money that goes back through the provider all the same is written down and calls a person', async () => {
    const mei = await stuck()
    await must(owner, 'putOtherwise', { params: { id: mei.refundId }, body: said })
    const logged = jest.spyOn(world.parts.log, 'error')
    const [row] = await refundsOf(mei)
    const fact = {
      kind: 'refund',
      method: 'wechat',
      refundNo: row?.refund_no ?? '',
      state: 'succeeded',
      amountFen: 4900,
    } as const
    expect(await settleRefund(world.parts, fact, 'notice')).toBe('refunded_twice')
    expect(logged.mock.calls.map(([, text]) => text)).toEqual([
      'refunded twice, otherwise and by its provider: a person is needed',
    ])
    logged.mockRestore()
    expect(await refundsOf(mei)).toEqual([row])
    expect((await factsOf(mei)).at(-1)).toMatchObject({ verdict: 'refunded_twice' })
  })
})

describe('rejected', () => {
  test('the person reads why and may send another; money and seat stay as they were', async () => {
    const mei = await proven()
    const before = await paymentOf(mei)
    const answer = await decide(owner, mei, reject)
    expect(codeOf(answer)).toBe('ok')
    const order = await readOrder(mei.person, mei.order.id)
    expect(order.proof).toMatchObject({ state: 'rejected', reason: '截图看不清，请重新上传' })
    expect([order.state, order.mayProve]).toEqual(['registered', true])
    expect(await paymentOf(mei)).toEqual(before)
    expect(await happened(mei, 'reject_proof')).toEqual(['reject_proof'])
    expect(await told(mei)).toEqual(['proof_rejected'])
    const again = await proven({ ...mei })
    expect((await readOrder(mei.person, mei.order.id)).proof?.state).toBe('submitted')
    expect(again.proofId).not.toBe(mei.proofId)
  })
})

describe('exactly one decision', () => {
  test('the same again, its answer lost, changes nothing; another one, or another’s, is too late', async () => {
    const mei = await proven()
    await must(owner, 'putDecision', { params: { id: mei.proofId }, body: approve() })
    const before = await everything(world)
    expect(codeOf(await decide(owner, mei, approve()))).toBe('ok')
    expect(codeOf(await decide(owner, mei, reject))).toBe('proof_decided')
    expect(codeOf(await decide(finance, mei, approve()))).toBe('proof_decided')
    expect(await everything(world)).toBe(before)
  })

  test('two people at once, whatever they want: one is heard, the other reads that it is decided', async () => {
    for (const [one, other] of [
      [approve(), approve()],
      [approve(), reject],
      [reject, approve()],
      [reject, reject],
    ] as const) {
      const mei = await proven()
      const answers = await Promise.all([decide(owner, mei, one), decide(finance, mei, other)])
      expect(answers.map(codeOf).sort()).toEqual(['ok', 'proof_decided'])
      const isApproved = (await proofOf(mei)).state === 'approved'
      expect(await told(mei)).toEqual([isApproved ? 'proof_approved' : 'proof_rejected'])
      expect(await happened(mei, 'approve_proof', 'reject_proof', 'confirm')).toEqual(
        isApproved ? ['confirm', 'approve_proof'] : ['reject_proof'],
      )
      expect((await paymentOf(mei)).state === 'succeeded').toBe(isApproved)
    }
  })

  test('money that comes by itself answers the proof; whoever reviews it finds it decided', async () => {
    const mei = await proven()
    expect(await providerSays(mei)).toBe('confirmed')
    expect(await proofOf(mei)).toMatchObject({ state: 'approved', decided_by: 'payment' })
    const before = await everything(world)
    expect(codeOf(await decide(owner, mei, reject))).toBe('proof_decided')
    expect(codeOf(await decide(owner, mei, approve()))).toBe('proof_decided')
    expect(await everything(world)).toBe(before)
  })

  test('asked once more before a person’s word counts, a provider that has the money wins', async () => {
    later(0)
    const person = await signIn(world)
    const slotId = await newSlot(db(), { serviceId: lecture, capacity: 9 })
    const order = await registeredOrder(person, slotId)
    const { params, ...payment } = await openPayment(person, order.id)
    const mei = await proven({ person, order, ...payment })
    world.sandbox.admin.fault('wechat.notice', 'drop', null)
    later(0)
    await payAtCashier(world, params)
    later(11)
    expect(codeOf(await decide(owner, mei, approve({ paidFen: 1 })))).toBe('proof_decided')
    expect(await proofOf(mei)).toMatchObject({ state: 'approved', decided_by: 'payment' })
    expect(await paymentOf(mei)).toMatchObject({ paid_fen: 4900 })
    expect((await readOrder(person, order.id)).state).toBe('confirmed')
    expect(await refundsOf(mei)).toEqual([])
  })

  test('news and a decision in the same moment: one of them decides, nothing is confirmed or paid back twice', async () => {
    for (let round = 0; round < 8; round++) {
      const mei = await proven()
      const wish = round % 2 === 0 ? approve() : reject
      const [news, answer] = await Promise.all([providerSays(mei), decide(owner, mei, wish)])
      const proof = await proofOf(mei)
      const isOurs = codeOf(answer) === 'ok'
      expect(codeOf(answer)).toBe(isOurs ? 'ok' : 'proof_decided')
      expect(proof.decided_by).toMatch(isOurs ? /^merchant:/ : /^payment$/)
      expect(news).toBe(isOurs && wish.decision === 'approve' ? 'known' : 'confirmed')
      expect(await happened(mei, 'confirm')).toEqual(['confirm'])
      expect((await readOrder(mei.person, mei.order.id)).state).toBe('confirmed')
      expect(await refundsOf(mei)).toEqual([])
    }
  })
})

describe('one transaction number', () => {
  const states = (...all: Proven[]) =>
    Promise.all(all.map(async ({ person, order }) => (await readOrder(person, order.id)).state))
  const both = async (number: string) =>
    [await proven(undefined, 4900, number), await proven(undefined, 4900, number)] as const

  test('confirms one order: for a second one it is refused, and its trade is not touched', async () => {
    const [mei, lan] = [await proven(), await proven()]
    const number = approve()
    expect(codeOf(await decide(owner, mei, number))).toBe('ok')
    expect(codeOf(await decide(finance, lan, number))).toBe('transaction_known')
    expect(await states(mei, lan)).toEqual(['confirmed', 'registered'])
    expect(await proofOf(lan)).toMatchObject({ state: 'submitted' })
    const truth = await world.parts.gateways.wechat.query(lan.tradeNo, world.parts.now())
    expect(truth).toMatchObject({ ok: true, value: { state: 'unpaid' } })
    // With its own number, or not at all, it can still be decided.
    expect(codeOf(await decide(finance, lan, approve()))).toBe('ok')
  })

  test('that a person typed and another approved without writing it down is spent too', async () => {
    const number = someNumber()
    const [mei, lan] = await both(number)
    expect(codeOf(await decide(owner, mei, approve({ transactionId: null })))).toBe('ok')
    for (const transactionId of [null, number])
      expect(codeOf(await decide(owner, lan, approve({ transactionId })))).toBe('transaction_known')
    expect(codeOf(await decide(owner, lan, reject))).toBe('ok')
  })

  test('of money the provider told of, or our own number of another trade, is refused', async () => {
    const [mei, lan] = [await proven(), await proven()]
    await providerSays(mei)
    for (const transactionId of ['4200009999202610010000000009', mei.tradeNo.toUpperCase()])
      expect(codeOf(await decide(owner, lan, approve({ transactionId })))).toBe('transaction_known')
    const own = approve({ transactionId: lan.tradeNo })
    expect(codeOf(await decide(owner, lan, own))).toBe('ok')
  })

  /** Two people approve two proofs of one number in the same moment. */
  async function atOnce(): Promise<string[]> {
    const [mei, lan] = await both(someNumber())
    const wish = approve()
    return (await Promise.all([decide(owner, mei, wish), decide(finance, lan, wish)])).map(codeOf)
  }

  test('approved for two orders at once confirms one', async () => {
    for (let round = 0; round < 6; round++)
      expect((await atOnce()).sort()).toEqual(['ok', 'transaction_known'])
  })

  test('control: without the number’s lock it confirms both', async () => {
    const lock = 'pg_advisory_xact_lock(3, hashtext(lower(p_number)))'
    await copyWithout(db(), 'lock_number', 'lock_number', [[lock, '1']])
    try {
      let spent = 0
      // On a busy machine two may happen to come one by one; not twenty times.
      for (let round = 0; round < 20 && spent < 2; round++)
        spent = (await atOnce()).filter((code) => code === 'ok').length
      expect(spent).toBe(2)
    } finally {
      await copyWithout(db(), 'lock_number', 'lock_number', [['perform 1', `perform ${lock}`]])
    }
  })
})

describe('who may', () => {
  test('the front desk neither sees proofs and their pictures nor decides about them', async () => {
    const mei = await proven()
    const before = await everything(world)
    expect(codeOf(await decide(desk, mei, approve()))).toBe('forbidden')
    expect(codeOf(await decide(desk, mei, reject))).toBe('forbidden')
    expect(await everything(world)).toBe(before)
    expect(codeOf(await desk('listProofs', { query: { state: 'submitted' } }))).toBe('forbidden')
    const { picture_id } = await proofOf(mei)
    const params = { id: picture_id }
    expect(codeOf(await desk('getPicture', { params }))).toBe('forbidden')
    expect(codeOf(await finance('getPicture', { params }))).toBe('ok')
  })
})

describe('the list', () => {
  test('shows what a reviewer needs: both amounts, both numbers, what looks wrong, the provider’s word', async () => {
    const mei = await proven(undefined, 4800)
    const { proofs, waiting } = await list('submitted')
    const shown = proofs.find(({ id }) => id === mei.proofId)
    const { picture_id, created_at, transaction_id } = await proofOf(mei)
    expect(shown).toEqual({
      id: mei.proofId,
      state: 'submitted',
      paidFen: 4800,
      reason: null,
      at: created_at.toISOString(),
      orderId: mei.order.id,
      orderNumber: mei.order.number,
      serviceName: mei.order.service.name,
      person: expect.any(String),
      phoneMasked: null,
      method: 'wechat',
      payableFen: 4900,
      transactionId: transaction_id,
      tradeNo: mei.tradeNo,
      pictureId: picture_id,
      flags: expect.arrayContaining(['amount_differs', 'gateway_says_unpaid']),
      gatewayState: 'unpaid',
      gatewayAt: expect.any(String),
      decidedBy: null,
      decidedByName: null,
      decidedAt: null,
    })
    expect(waiting).toBe(proofs.length)
    await decide(owner, mei, approve())
    const decided = (await list('decided')).proofs.find(({ id }) => id === mei.proofId)
    // A person's word is not taken for the provider's.
    expect([decided?.state, decided?.gatewayState]).toEqual(['approved', 'closed'])
  })

  test('what waits longest comes first, what was decided last comes first', async () => {
    const [one, other] = [await proven(), await proven()]
    const queue = (await list('submitted')).proofs.map(({ id }) => id)
    expect(queue.indexOf(one.proofId)).toBeLessThan(queue.indexOf(other.proofId))
    await decide(owner, other, reject)
    await decide(owner, one, reject)
    const decided = (await list('decided')).proofs.map(({ id }) => id)
    expect(decided.indexOf(one.proofId)).toBeLessThan(decided.indexOf(other.proofId))
    expect((await list('submitted')).proofs.map(({ id }) => id)).not.toContain(one.proofId)
  })

  test('pages of 50 show each decided proof once, also of one moment', async () => {
    const mei = await proven()
    const { picture_id } = await proofOf(mei)
    await sql`insert into proofs (id, order_id, payment_id, picture_id, paid_fen, state, reason, decided_by, decided_at, created_at)
      select gen_random_uuid(), ${mei.order.id}, ${mei.paymentId}, ${picture_id}, 1, 'rejected', '-', 'merchant:x',
        now() + (n / 40) * interval '1 microsecond', now() from generate_series(1, 120) n`.execute(
      db(),
    )
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from proofs where state <> 'submitted'`.execute(db())
    const seen: string[] = []
    let after: string | undefined
    do {
      const page: Reply<'listProofs'> = await list('decided', after)
      expect(page.proofs.length).toBeLessThanOrEqual(50)
      seen.push(...page.proofs.map(({ id }) => id))
      after = page.next ?? undefined
    } while (after)
    expect([new Set(seen).size, seen.length]).toEqual([rows[0]?.n, rows[0]?.n])
  })

  test.each([
    'x',
    '2026-99-99T99:99:99Z,00000000-0000-4000-8000-000000000000',
    `2026-10-01T00:00:00Z,${'-'.repeat(36)}`,
  ])('a cursor that is none (%#) is unreadable', async (after) => {
    expect(codeOf(await owner('listProofs', { query: { state: 'decided', after } }))).toBe(
      'malformed',
    )
  })
})

test('who decided hears it live, and so does the person', async () => {
  const mei = await proven()
  const topics: string[] = []
  const stop = world.parts.bus.hear((changed) => topics.push(...changed.topics))
  try {
    await decide(owner, mei, reject)
    await until(
      'a hint',
      async () => topics.includes(`order:${mei.order.id}`) && topics.includes('console'),
    )
  } finally {
    stop()
  }
})
