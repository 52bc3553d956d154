import { randomUUID } from 'node:crypto'
import { chinaDay } from './clock.ts'
import type { Store } from './store.ts'

/** Which row of a bill: a trade's own, or with `refundNo` one of its refunds. */
type Which = { outTradeNo: string; refundNo?: string }

/**
 * A difference between a bill and what really happened, planted by a tester:
 * - `drop`: the row is missing; `twice`: it is there two times;
 * - `amount`: it shows `fen`;
 * - `state`: WeChat Pay's row shows another word (Alipay's rows have no state);
 * - `stranger`: a row of `day` (`2026-10-01`) that nobody ever paid, or refunded with `refundNo`.
 */
export type Plant =
  | ({ kind: 'drop' | 'twice' } & Which)
  | ({ kind: 'amount'; fen: number } & Which)
  | ({ kind: 'state'; state: string } & Which)
  | ({ kind: 'stranger'; day: string; fen: number } & Which)

export type Planted = Plant & { id: string; platform: 'wechat' | 'alipay' }

/** A bill's line before it is written, with what it is about and when it happened. */
export type Line<Row> = { at: number; which: Which; row: Row }

/** What a platform's bill can do to a row. */
export type Gardener<Row> = {
  withAmount(row: Row, fen: number): Row
  withState(row: Row, state: string): Row
  stranger(which: Which, fen: number, at: number): Row
}

export type Plants = {
  add(platform: Planted['platform'], plant: Plant): Planted
  all(): Planted[]
  clear(): void
  /** The day's lines as the bill shall show them, oldest first. */
  apply<Row>(platform: Planted['platform'], lines: Line<Row>[], day: Day, by: Gardener<Row>): Row[]
}

type Day = { from: number; until: number }

export function makePlants(store: Store): Plants {
  const planted = store.table<Planted>('plants')
  return {
    add: (platform, plant) => planted.put({ ...plant, id: randomUUID(), platform }),
    all: () => planted.all(),
    clear() {
      for (const { id } of planted.all()) planted.remove(id)
    },
    apply(platform, lines, day, by) {
      const mine = planted.all().filter((one) => one.platform === platform)
      const strangers = mine.filter(
        (one) => one.kind === 'stranger' && chinaDay(one.day)?.from === day.from,
      )
      const all = [
        ...lines.flatMap((line) => changed(line, mine, by)),
        ...strangers.map((one) => strangerLine(one, day, by)),
      ]
      return all.sort((a, b) => a.at - b.at).map(({ row }) => row)
    },
  }
}

function changed<Row>(line: Line<Row>, plants: Planted[], by: Gardener<Row>): Line<Row>[] {
  const mine = plants.filter((one) => one.kind !== 'stranger' && isSame(one, line.which))
  if (mine.some((one) => one.kind === 'drop')) return []
  let { row } = line
  for (const one of mine) {
    if (one.kind === 'amount') row = by.withAmount(row, one.fen)
    if (one.kind === 'state') row = by.withState(row, one.state)
  }
  const shown = { ...line, row }
  return mine.some((one) => one.kind === 'twice') ? [shown, shown] : [shown]
}

/** Noon of the day: a row of the middle of the file. */
function strangerLine<Row>(plant: Planted, day: Day, by: Gardener<Row>): Line<Row> {
  const { outTradeNo, refundNo, fen } = plant as Planted & { kind: 'stranger' }
  const which = { outTradeNo, ...(refundNo === undefined ? {} : { refundNo }) }
  const at = day.from + (day.until + 1 - day.from) / 2
  return { at, which, row: by.stranger(which, fen, at) }
}

function isSame(a: Which, b: Which): boolean {
  return a.outTradeNo === b.outTradeNo && a.refundNo === b.refundNo
}
