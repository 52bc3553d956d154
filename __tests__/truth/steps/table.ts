/** Everything that can happen in a history: a table of steps. */
import { tx } from '../../../server/db/tx.ts'
import { expireLapsed } from '../../../server/order/order.ts'
import { missUnattended } from '../../../server/payment/complete.ts'
import { askDue, refundDue } from '../../../server/sweep/sweep.ts'
import { book, register } from './book.ts'
import type { Choose } from './choose.ts'
import { arrive, byHand, cancel, fate, rescue } from './end.ts'
import { giveUp, move } from './move.ts'
import { open, openAgain } from './open.ts'
import { notice, pay, payLate, phoneAsks } from './pay.ts'
import { resuming } from './resume.ts'
import { bill, sweep, sweepDue } from './sweep.ts'
import { edge, wait } from './time.ts'

export interface Kind {
  weight: number
  choose: Choose
  /** Providers are asked on the way. */
  asks?: true
}

/** step → how often it is drawn, and what it is. */
export const steps: Record<string, Kind> = {
  book: { weight: 1, choose: (h, a, b, c) => book(h, a, b, c, 'hold') },
  bookAndRegister: { weight: 1, choose: (h, a, b, c) => book(h, a, b, c, 'register') },
  bookAndOpen: { weight: 3, choose: (h, a, b, c) => book(h, a, b, c, 'open'), asks: true },
  register: { weight: 1, choose: register },
  open: { weight: 4, choose: open, asks: true },
  openAgain: { weight: 3, choose: openAgain, asks: true },
  pay: { weight: 14, choose: pay },
  payLate: { weight: 5, choose: payLate },
  notice: { weight: 9, choose: notice },
  phoneAsks: { weight: 4, choose: phoneAsks, asks: true },
  sweepAsks: {
    weight: 5,
    choose: (h) => sweepDue(h, 'the sweep asks about payments', askDue, 'ask'),
    asks: true,
  },
  sweepRefunds: {
    weight: 9,
    choose: (h) => sweepDue(h, 'the sweep follows refunds', refundDue, 'refund'),
    asks: true,
  },
  sweepHolds: {
    weight: 1,
    choose: () =>
      sweep('the sweep expires holds', (parts) => tx(parts.db, (t) => expireLapsed(t, parts.bus))),
  },
  sweepMissed: {
    weight: 1,
    choose: () => sweep('the sweep looks for no-shows', missUnattended),
  },
  bill: { weight: 2, choose: bill, asks: true },
  cancel: { weight: 7, choose: cancel, asks: true },
  move: { weight: 7, choose: move, asks: true },
  giveUpMove: { weight: 2, choose: giveUp, asks: true },
  refundByHand: { weight: 3, choose: byHand },
  checkIn: { weight: 1, choose: arrive },
  jump: { weight: 3, choose: wait },
  edge: { weight: 6, choose: edge },
  fate: { weight: 2, choose: fate },
  rescue: { weight: 1, choose: rescue },
  resume: { weight: 5, choose: resuming },
}
