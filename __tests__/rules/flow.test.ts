import { type OrderState, orderStates } from '@jiyue/contract/order'
import type { RefundState } from '@jiyue/contract/payment'
import { clockOf, isOpen, isTooLate, stepOf, tagOf } from '../../src/flow.ts'
import { pathOfStep, pathTo } from '../../src/lib/paths.ts'

const now = Date.parse('2026-11-22T02:00:00Z')
const soon = new Date(now + 60_000).toISOString()
const just = new Date(now).toISOString()
const order = (state: OrderState, heldUntil: string | null = null) => ({
  state,
  heldUntil,
  payUntil: null,
})

describe('stepOf: which page an order belongs on', () => {
  test.each([
    ['held', 'registration', soon, '继续报名'],
    ['registered', 'payment', soon, '去缴费'],
    ['confirmed', 'order', null, null],
    ['completed', 'booking', null, '再次预约'],
    ['missed', 'booking', null, '再次预约'],
    ['cancelled', 'booking', null, '重新预约'],
    ['expired', 'booking', soon, '重新选择时段'],
  ] as const)('%s → %s', (state, step, heldUntil, button) => {
    expect(stepOf(order(state, heldUntil), now)).toMatchObject({ step, button, state })
  })

  test('every state has a page', () => {
    for (const state of orderStates) expect(stepOf(order(state), now).step).toBeTruthy()
  })

  test.each(['held', 'registered'] as const)(
    'a %s order is expired from the second its hold ends, whatever the row says',
    (state) => {
      expect(stepOf(order(state, just), now)).toMatchObject({ state: 'expired', step: 'booking' })
      expect(stepOf(order(state, just), now - 1).state).toBe(state)
      expect(isOpen(order(state, just), now)).toBe(false)
      expect(isOpen(order(state, just), now - 1)).toBe(true)
    },
  )

  test('a confirmed order never lapses, even with an old heldUntil', () => {
    expect(stepOf(order('confirmed', just), now + 1).state).toBe('confirmed')
  })
})

describe('the clock on screen', () => {
  const registered = { state: 'registered', heldUntil: soon, payUntil: just } as const

  test('is the hold’s before registering and the payment’s after', () => {
    expect(clockOf(order('held', soon))).toBe(soon)
    expect(clockOf(registered)).toBe(just)
    expect(clockOf(order('confirmed', soon))).toBeNull()
  })

  test('stops paying at its end, though the seat outlives it for the closing time', () => {
    expect(isTooLate(registered, now)).toBe(true)
    expect(isTooLate(registered, now - 1)).toBe(false)
    expect(stepOf(registered, now).state).toBe('registered')
  })
})

describe('the tag tells of order and refund together', () => {
  test.each<[RefundState[], string]>([
    [[], '已取消'],
    [['requested'], '退款中'],
    [['succeeded'], '已退款'],
    [['failed'], '退款处理中'],
    [['requested', 'succeeded'], '退款中'],
    [['failed', 'requested', 'succeeded'], '退款处理中'],
    [['closed', 'succeeded'], '已退款'],
    [['closed', 'requested'], '退款中'],
    [['closed'], '退款中'],
    [['otherwise'], '已退款'],
  ])(
    'a cancelled order with refunds %p says 「%s」: of several, what is not done yet',
    (states, word) => {
      const refunds = states.map((state) => ({ state }))
      expect(tagOf({ ...order('cancelled'), refunds }, now).word).toBe(word)
    },
  )

  test('a deposit that went back does not hide that the order is completed', () => {
    const tag = tagOf({ ...order('completed'), refunds: [{ state: 'succeeded' }] }, now)
    expect(tag.word).toBe('已完成')
  })

  test('a lapsed hold reads 已过期 though nobody wrote it yet', () => {
    expect(tagOf(order('held', just), now)).toMatchObject({ word: '已过期', tone: 'quiet' })
  })
})

test('a lapsed order leads to the picker of its service and hands its answers over', () => {
  const lapsed = { id: 'o1', service: { id: 's1' } }
  expect(pathOfStep('booking', lapsed, true)).toBe(pathTo.booking('s1', 'o1'))
  expect(pathOfStep('booking', lapsed, false)).toBe('/pages/booking/index?id=s1')
  expect(pathOfStep('payment', lapsed, false)).toBe('/pages/payment/index?id=o1')
})
