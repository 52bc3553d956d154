/** Moving an order, as the phone does it (B9): shown first, done whole, repeated with the same ids. */
import type { Answer, Request } from '@jiyue/contract/client'
import { createApp } from '../../src/stores/app.ts'
import { createMove } from '../../src/stores/move.ts'
import { createOrderStore } from '../../src/stores/order.ts'
import { chosenSlot, fitOf } from '../../src/stores/slotPicker.ts'
import { orderId, serviceId, someMove, someOrder, someSlot } from './flowOrder.ts'
import { glassPhone, no, offline, ok } from './flowPhone.ts'

const quote = (dueFen: number, refundFen = 0) => ({
  feeFen: 0,
  differenceFen: dueFen - refundFen,
  dueFen,
  refundFen,
  quote: someOrder().quote,
  rule: '开始前 24 小时可免费改期',
  now: '2026-11-22T02:00:00.000Z',
})

type Answerer = Answer | ((request: Request) => Answer)

/** A phone on the move page; `answers` by `METHOD path`, without the query, ids as `:id`. */
function movePhone(answers: Record<string, Answerer> = {}) {
  const usual: Record<string, Answerer> = {
    'GET /v1/orders/:id': ok(someOrder()),
    'GET /v1/services/:id': ok({ id: serviceId, bookingDays: 14, staff: [], priceFen: 12800 }),
    'GET /v1/services/:id/slots': ok({
      days: [],
      slots: [someSlot('slot-old', 48), someSlot('slot-new', 72), someSlot('slot-dear', 73)],
      now: '2026-11-22T02:00:00.000Z',
    }),
    'GET /v1/orders/:id/move-quote': ok(quote(0)),
    ...answers,
  }
  const phone = glassPhone((request) => {
    const path = request.path.split('?')[0]?.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, ':id')
    const answer = usual[`${request.method} ${path}`] ?? no(404, 'not_found')
    return typeof answer === 'function' ? answer(request) : answer
  })
  const app = createApp(phone)
  const asked = (what: string) =>
    phone.asked.filter(({ method, path }) => `${method} ${path}`.indexOf(what) === 0)
  return { phone, app, asked, move: createMove(app, orderId) }
}

const done = (request: Request): Answer => {
  const { slotId } = request.body as { slotId: string }
  const slot = someSlot(slotId, 72)
  return ok({
    move: someMove({ state: 'done', dueFen: 0 }),
    order: someOrder({
      slot: { id: slotId, startsAt: slot.startsAt, endsAt: slot.endsAt, staffId: null },
    }),
  })
}

describe('what it would cost', () => {
  test('is asked for at the tap on a slot, and nothing is moved by it', async () => {
    const { move, asked } = movePhone({ 'GET /v1/orders/:id/move-quote': ok(quote(2000)) })
    await move.load()
    await move.choose('slot-new')
    expect(move.store.getState().quote).toMatchObject({ dueFen: 2000, refundFen: 0 })
    expect(asked('GET /v1/orders').pop()?.path).toContain('slotId=slot-new')
    expect(asked('PUT')).toEqual([])
  })

  test('of a slot tapped in a hurry is not taken for the one tapped after it', async () => {
    const { move, phone } = movePhone()
    let answerFirst: (answer: Answer) => void = () => {}
    await move.load()
    const { send } = phone
    phone.send = (request) =>
      request.path.includes('slot-dear')
        ? new Promise((resolve) => {
            answerFirst = resolve
          })
        : send(request)
    const first = move.choose('slot-dear')
    await move.choose('slot-new')
    answerFirst(ok(quote(9900)))
    await first
    expect(move.store.getState().quote?.dueFen).toBe(0)
  })

  test.each(['slot_full', 'slot_past', 'staff_busy', 'slot_same', 'party_too_large'])(
    '%s is said beside the slots, which are read again',
    async (code) => {
      const { move, asked } = movePhone({ 'GET /v1/orders/:id/move-quote': no(409, code) })
      await move.load()
      const before = asked(`GET /v1/services/${serviceId}/slots`).length
      await move.choose('slot-new')
      expect(move.picker.store.getState().refusal?.code).toBe(code)
      expect(move.store.getState().quote).toBeNull()
      expect(asked(`GET /v1/services/${serviceId}/slots`)).toHaveLength(before + 1)
    },
  )

  test('an order that is over says so and is read again', async () => {
    const { move, asked } = movePhone({ 'GET /v1/orders/:id/move-quote': no(409, 'order_state') })
    await move.load()
    const before = asked(`GET /v1/orders/${orderId}`).length
    await move.choose('slot-new')
    expect(move.store.getState().problem?.code).toBe('order_state')
    expect(asked(`GET /v1/orders/${orderId}`).length).toBeGreaterThan(before + 1)
  })
})

describe('moving', () => {
  test('sends the amounts that were seen, and shows the order in its new slot', async () => {
    const { move, asked } = movePhone({
      'GET /v1/orders/:id/move-quote': ok(quote(0, 3000)),
      'PUT /v1/moves/:id': done,
    })
    await move.load()
    await move.choose('slot-new')
    expect((await move.confirm())?.move.state).toBe('done')
    expect(asked('PUT')[0]?.body).toEqual({
      orderId,
      slotId: 'slot-new',
      dueFen: 0,
      refundFen: 3000,
    })
    expect(move.order.store.getState().order?.slot.id).toBe('slot-new')
  })

  test('without amounts on the screen nothing can be confirmed', async () => {
    const { move, asked } = movePhone()
    await move.load()
    move.picker.chooseSlot('slot-new')
    expect(await move.confirm()).toBeNull()
    expect(asked('PUT')).toEqual([])
  })

  test('a double tap moves once; a lost answer is asked for again with the same id', async () => {
    let lost = 2
    const { move, asked, phone } = movePhone({
      'PUT /v1/moves/:id': (request) => (lost-- > 0 ? offline : done(request)),
    })
    await move.load()
    await move.choose('slot-new')
    const both = [move.confirm(), move.confirm()]
    await phone.pass(2000)
    const [first, second] = await Promise.all(both)
    expect([first?.move.state, second]).toEqual(['done', null])
    expect(asked('PUT')).toHaveLength(3)
    expect(new Set(asked('PUT').map(({ path }) => path)).size).toBe(1)
  })

  test('after the app died the same move is sent again from storage', async () => {
    const { move, phone, asked } = movePhone({ 'PUT /v1/moves/:id': offline })
    await move.load()
    await move.choose('slot-new')
    void move.confirm()
    await phone.pass(0)
    const reborn = glassPhone(() => ok({}), phone.kept)
    await createApp(reborn).wake()
    expect(reborn.asked[0]?.path).toBe(asked('PUT')[0]?.path)
  })

  test('a slot that went meanwhile: said beside the slots, the order stays', async () => {
    const { move } = movePhone({ 'PUT /v1/moves/:id': no(409, 'slot_full') })
    await move.load()
    await move.choose('slot-new')
    expect(await move.confirm()).toBeNull()
    expect(move.picker.store.getState().refusal?.code).toBe('slot_full')
    expect(move.order.store.getState().order?.slot.id).toBe('slot-old')
  })

  test('a price that changed: the new amounts stand there, with the sentence, before another tap', async () => {
    let due = 0
    const { move } = movePhone({
      'GET /v1/orders/:id/move-quote': () => ok(quote(due)),
      'PUT /v1/moves/:id': () => {
        due = 2000
        return no(409, 'price_changed')
      },
    })
    await move.load()
    await move.choose('slot-new')
    expect(await move.confirm()).toBeNull()
    const { problem, quote: fresh } = move.store.getState()
    expect([problem?.code, fresh?.dueFen]).toEqual(['price_changed', 2000])
  })

  test('a move nobody heard of again and nobody wants any more is given up first', async () => {
    const { move, phone, asked } = movePhone({
      'PUT /v1/moves/:id': (request) =>
        (request.body as { slotId: string }).slotId === 'slot-dear' ? offline : done(request),
      'DELETE /v1/moves/:id': no(404, 'not_found'),
    })
    await move.load()
    await move.choose('slot-dear')
    const lost = move.confirm()
    await phone.pass(60_000)
    await lost
    await move.choose('slot-new')
    await move.confirm()
    const [given] = asked('DELETE')
    expect(given?.path).toBe(asked('PUT')[0]?.path)
    expect(phone.asked.indexOf(given!)).toBeLessThan(phone.asked.indexOf(asked('PUT').pop()!))
  })
})

describe('the chosen slot', () => {
  const now = Date.parse('2026-11-22T02:00:00Z')
  const state = (left: number) => ({
    slots: [someSlot('a', 48, { left })],
    days: [],
    slotId: 'a' as string | null,
  })

  test('takes the whole party, has too few seats, or was taken by others', () => {
    expect(fitOf(state(3), 3, now)).toBe('fits')
    expect(fitOf(state(2), 3, now)).toBe('too_few')
    expect(fitOf(state(0), 3, now)).toBe('full')
    expect(fitOf({ ...state(3), slotId: null }, 3, now)).toBe('none')
    expect(chosenSlot({ ...state(3), slotId: 'gone' })).toBeNull()
  })
})

describe('giving a move up', () => {
  const open = someOrder({ openMove: someMove() })

  test('shows the order without it', async () => {
    const { app } = movePhone({
      'GET /v1/orders/:id': ok(open),
      'DELETE /v1/moves/:id': ok({ move: someMove({ state: 'void' }), order: someOrder() }),
    })
    const one = createOrderStore(app, orderId)
    await one.load()
    expect(await one.giveUpMove(someMove().id)).toBe(true)
    expect(one.store.getState().order?.openMove).toBeNull()
  })

  test('is refused while its money may be on its way: the order is read again, the sentence stays', async () => {
    const { app } = movePhone({
      'GET /v1/orders/:id': ok(open),
      'DELETE /v1/moves/:id': no(409, 'payment_pending'),
    })
    const one = createOrderStore(app, orderId)
    expect(await one.giveUpMove(someMove().id)).toBe(false)
    const said = () => one.store.getState().refusal?.code
    expect([said(), one.store.getState().order?.openMove?.id]).toEqual([
      'payment_pending',
      someMove().id,
    ])
    // A reading that a hint asks for must not take it from the screen.
    await one.load()
    expect(said()).toBe('payment_pending')
  })
})
