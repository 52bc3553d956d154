/** Payers, their money, and the ways in which we hear of it. */
import { readOwnPayment } from '../../../server/payment/payment.ts'
import type { History, Step } from '../history.ts'
import { pick } from './choose.ts'

export function pay(h: History, a: number, b: number): Step | null {
  const payment = pick(
    h.payments.filter(
      ({ params, method, tradeNo }) =>
        params !== null && !h.lane.rails.trade(method, tradeNo)?.paidFen,
    ),
    a,
  )
  const params = payment?.params
  if (!payment || !params || params.way === 'none') return null
  const moreFen = !h.lane.rails.anyAmount ? 0 : b === 0 ? 1 : b === 1 ? -1 : 0
  return {
    text: `${payment.name}: the payer pays${moreFen ? ` ${moreFen} fen more` : ''}`,
    act: async () => {
      const paid = await h.lane.rails.pay(params, moreFen)
      await h.lane.rails.settle()
      return paid ? 'paid' : 'cannot'
    },
  }
}

export function payLate(h: History, a: number): Step | null {
  const payment = pick(
    h.payments.filter(
      ({ params, method, tradeNo }) =>
        params !== null && h.lane.rails.trade(method, tradeNo)?.payable === false,
    ),
    a,
  )
  if (!payment) return null
  return {
    text: `${payment.name}: money that was under way when the trade ended arrives`,
    act: async () => {
      const late = await h.lane.rails.payLate(payment.method, payment.tradeNo)
      payment.late ||= late
      await h.lane.rails.settle()
      return late ? 'paid' : 'cannot'
    },
  }
}

export function notice(h: History, a: number): Step | null {
  const letters = h.lane.rails.mail().filter((letter) => letter.delivered < 3)
  const letter = pick(letters, a)
  if (!letter) return null
  const name = h.payments.find(({ tradeNo }) => tradeNo === letter.tradeNo)?.name
  letter.delivered += 1
  return {
    text: `${name}: notice of the ${letter.about} comes (${letter.delivered})`,
    errand: (parts) => letter.deliver(parts),
  }
}

/** The phone wonders, or comes back from the cashier with what that said. */
export function phoneAsks(h: History, a: number, b: number): Step | null {
  const payment = pick(h.payments, a)
  if (!payment) return null
  const returned = b % 2 ? `out_trade_no=${payment.tradeNo}&sign=AAAA` : undefined
  return {
    text: `${payment.name}: the phone ${returned ? 'comes back from the cashier' : 'asks about it'}`,
    errand: async (parts) => {
      const view = await readOwnPayment(parts, payment.id, payment.order.user, returned)
      return view?.state ?? 'not_found'
    },
  }
}
