import type { FindingSide } from '@jiyue/contract/audit'
import type { Fen } from '@jiyue/contract/money'
import { orderStateWords } from '@jiyue/contract/order'
import { paymentStateWords } from '@jiyue/contract/payment'
import { eventWord, refundWords } from '../../words.ts'

/** One side of a finding in words: 「8 人」, 「¥0 至 ¥27.60」, 「已预约」. */
export function sideText(side: FindingSide, price: (fen: Fen) => string): string {
  const { seats, fen, mostFen, state, slotId } = side
  if (seats !== undefined) return `${seats} 个名额`
  if (fen !== undefined)
    return mostFen === undefined ? price(fen) : `${price(fen)} 至 ${price(mostFen)}`
  if (state !== undefined) return stateText(state)
  return slotId ? '另有一个时段' : '仅此时段'
}

const stateWords: Record<string, string> = {
  ...refundWords,
  ...paymentStateWords,
  ...orderStateWords,
}

/** A state; or events in a row that lead to none. */
function stateText(state: string): string {
  return stateWords[state] ?? (state.split(' ').map(eventWord).join(' → ') || '没有历史')
}
