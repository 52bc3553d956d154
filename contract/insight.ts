/** What a merchant's figures suggest (M6): the same rule wherever they are shown. */

/** One service over a span of days, by its slots. */
export interface Effect {
  /** Orders that were confirmed, whatever became of them. */
  orders: number
  completed: number
  missed: number
  /** Cancelled after they were confirmed. */
  cancelled: number
  /** Of the slots of the span that have begun: what is to come may still be taken. */
  slots: number
  seats: number
  seatsTaken: number
  /** Of the reviews written in the span; null without any. */
  rating: number | null
  ratings: number
  priceFen: number
  /** fen; 0: it asks for none. */
  depositFen: number
  /** Of `completed` and `missed`, orders that had at least this deposit: what it has brought so far. */
  completedUnder: number
  missedUnder: number
  /** A promotion for everybody runs for it now. */
  promoted: boolean
}

export const suggestionKinds = ['deposit', 'more_slots', 'promotion', 'rating'] as const
export type SuggestionKind = (typeof suggestionKinds)[number]

/** What to do, as its button says it. */
export const suggestionActions: Record<SuggestionKind, string> = {
  deposit: '设置押金',
  more_slots: '增加时段',
  promotion: '设置优惠',
  rating: '查看反馈',
}

export interface Suggestion {
  kind: SuggestionKind
  /** One sentence with the figure it comes from. */
  reason: string
}

/** Fewer cases than these are chance. */
const least = { attended: 10, slots: 10, ratings: 5 }
const from = { missed: 0.1, full: 0.9, empty: 0.2, rating: 4 }

/** Share of people who did not come, of those whose visit is over; null before any is. */
export function missedShare({ completed, missed }: Pick<Effect, 'completed' | 'missed'>) {
  return completed + missed === 0 ? null : missed / (completed + missed)
}

/** Share of the seats that were taken; null without slots. */
export function fillShare({ seats, seatsTaken }: Pick<Effect, 'seats' | 'seatsTaken'>) {
  return seats === 0 ? null : seatsTaken / seats
}

/**
 * What helps first comes first; `[]` where the figures suggest nothing, or are too few. @spoken who
 * follows one sends its sentence as the reason
 */
export function suggestionsFor(effect: Effect): Suggestion[] {
  const under = { completed: effect.completedUnder, missed: effect.missedUnder }
  const missed = missedShare(under) ?? 0
  const fill = fillShare(effect) ?? 0
  const { rating, ratings } = effect
  const found: Suggestion[] = []
  if (under.completed + under.missed >= least.attended && missed >= from.missed)
    found.push(
      effect.depositFen === 0
        ? { kind: 'deposit', reason: `爽约率 ${percent(missed)}，建议收取押金` }
        : { kind: 'deposit', reason: `已收押金，爽约率仍有 ${percent(missed)}，建议提高押金` },
    )
  if (effect.slots >= least.slots && fill >= from.full)
    found.push({ kind: 'more_slots', reason: `约满率 ${percent(fill)}，建议增加时段` })
  if (effect.slots >= least.slots && fill <= from.empty && !effect.promoted)
    found.push({ kind: 'promotion', reason: `约满率仅 ${percent(fill)}，建议设置优惠` })
  if (rating !== null && ratings >= least.ratings && rating < from.rating)
    found.push({ kind: 'rating', reason: `满意度 ${rating.toFixed(1)} 分，建议查看反馈` })
  return found
}

/** When a deposit goes back, where a service had none: what the editor proposes. @chinese it is sent */
export const proposedCondition = '到店后 24 小时内原路退回，未到店不退'

/** fen: a fifth of the price, or half as much again as now; whole yuan, ten at the least. */
export function proposedDeposit(priceFen: number, depositFen: number): number {
  const wish = Math.max(depositFen * 1.5, priceFen / 5)
  return Math.max(1000, Math.ceil(wish / 100) * 100)
}

/** What is proposed where seats stay empty: a tenth off for two weeks, after all other discounts. @chinese it is sent */
export const proposedPromotion = {
  label: '限时优惠',
  kind: 'percent',
  value: 10,
  days: 14,
  position: 100,
} as const

/** `0.155` → `15.5%`, whole where it is whole. */
export function percent(share: number): string {
  return `${Math.round(share * 1000) / 10}%`
}
