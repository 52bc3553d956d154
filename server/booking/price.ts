/**
 * What an order costs: one pure function, on the server only (P5).
 *
 * Guarantee: the same inputs give the same quote to the fen; the payable amount is never negative
 * and the deposit is never discounted. Steps:
 * 1. base = unit price × (party, when charged per person, else 1)
 * 2. promotions that apply, in order of position, each on what the ones before left:
 *    fen off (never below 0), or percent off, the discount rounded half up to the fen
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
}

/** `promotions` are those of the service at that time; `firstOrder` decides about 新人 ones. */
export function priceOrder(
  service: PricedService,
  party: number,
  promotions: readonly Promotion[],
  firstOrder: boolean,
): Quote {
  const units = service.charged_per === 'person' ? party : 1
  const listFen = service.price_fen * units
  const lines: QuoteLine[] = [
    { kind: 'base', label: `${service.name} × ${units} ${service.price_unit}`, amountFen: listFen },
  ]
  let leftFen = listFen
  for (const promotion of promotions) {
    if (promotion.kind === 'first_order' && !firstOrder) continue
    const off = Math.min(leftFen, discountOf(promotion, leftFen))
    if (off === 0) continue
    leftFen -= off
    lines.push({ kind: 'discount', label: promotion.label, amountFen: -off })
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

function discountOf({ kind, value }: Promotion, leftFen: Fen): Fen {
  return kind === 'percent' ? percentOf(leftFen, value) : value
}
