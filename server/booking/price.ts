/**
 * What an order costs, at first and in another slot: pure, on the server only (P5, B9).
 *
 * Guarantee: the same inputs give the same quote to the fen; the payable amount is never negative
 * and the deposit is never discounted. Steps:
 * 1. base = unit price × (party, when charged per person, else 1)
 * 2. promotions that apply, in order of position, each on what the ones before left:
 *    fen off (never below 0), or percent off, the discount rounded half up to the fen; a coupon of
 *    the person comes last
 * 3. deposit added on its own line
 */
import { type Fen, percentOf } from '@jiyue/contract/money'
import type { Quote, QuoteLine } from '@jiyue/contract/pricing'

export interface PricedService {
  name: string
  price_fen: Fen
  price_unit: string
  charged_per: 'order' | 'person'
  includes: string
  deposit_fen: Fen
  deposit_condition: string | null
}

export interface Promotion {
  label: string
  kind: 'first_order' | 'amount' | 'percent'
  /** Fen off, or percent off. */
  value: number
  /** It is this coupon of the person (M9). */
  couponId?: string
}

/** `promotions` are those of the service at that time; `firstOrder` decides about 新人 ones. */
export function priceOrder(
  service: PricedService,
  party: number,
  promotions: readonly Promotion[],
  firstOrder: boolean,
): Quote {
  const units = unitsOf(service, party)
  const listFen = service.price_fen * units
  const label = `${service.name} × ${units} ${service.price_unit}`
  const lines: QuoteLine[] = [{ kind: 'base', label, amountFen: listFen, units }]
  let leftFen = listFen
  for (const promotion of promotions) {
    if (promotion.kind === 'first_order' && !firstOrder) continue
    const off = Math.min(leftFen, discountOf(promotion, leftFen))
    if (off === 0) continue
    leftFen -= off
    const { label, kind, value } = promotion
    const promised = kind === 'percent' ? { offPercent: value } : { offFen: value }
    const first = kind === 'first_order' && { firstOrder: true as const }
    const coupon = promotion.couponId !== undefined && { couponId: promotion.couponId }
    lines.push({ kind: 'discount', label, amountFen: -off, ...promised, ...first, ...coupon })
  }
  if (service.deposit_fen > 0) {
    const note = service.deposit_condition ?? ''
    lines.push({ kind: 'deposit', label: '押金（可退）', amountFen: service.deposit_fen, note })
  }
  return {
    lines,
    listFen,
    discountFen: leftFen - listFen,
    depositFen: service.deposit_fen,
    payableFen: leftFen + service.deposit_fen,
    includes: service.includes,
  }
}

/** What a service charges for: heads, or the order as one. */
export function unitsOf(service: Pick<PricedService, 'charged_per'>, party: number): number {
  return service.charged_per === 'person' ? party : 1
}

function discountOf({ kind, value }: Promotion, leftFen: Fen): Fen {
  return kind === 'percent' ? percentOf(leftFen, value) : value
}

/**
 * The price of a quoted order at another unit price (B9): the same lines in the same order, the
 * discounts kept as they were promised, the deposit as it was. Which slots it went through does not
 * matter: a discount that takes nothing off here stays on its line and counts again elsewhere.
 * `units` is for quotes that do not say theirs.
 */
export function moveQuote(old: Quote, unitFen: Fen, units: number): Quote {
  const base = old.lines.find((line) => line.kind === 'base')
  if (!base) throw new Error('a quote without a base line')
  const listFen = unitFen * (base.units ?? units)
  let leftFen = listFen
  const lines = old.lines.map((line): QuoteLine => {
    if (line.kind === 'deposit') return line
    if (line.kind === 'base') return { ...line, amountFen: listFen }
    const off = Math.min(leftFen, keptDiscount(line, leftFen))
    leftFen -= off
    return { ...line, ...promiseOf(line), amountFen: 0 - off }
  })
  const discountFen = leftFen - listFen
  return { ...old, lines, listFen, discountFen, payableFen: leftFen + old.depositFen }
}

function keptDiscount(line: QuoteLine, leftFen: Fen): Fen {
  const { offFen, offPercent } = promiseOf(line)
  return offPercent === undefined ? (offFen ?? 0) : percentOf(leftFen, offPercent)
}

function promiseOf({ offFen, offPercent, amountFen }: QuoteLine) {
  return offPercent === undefined ? { offFen: offFen ?? 0 - amountFen } : { offPercent }
}
