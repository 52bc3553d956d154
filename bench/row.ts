/** One line of the table: what was measured, beside its reference in the same rounds. */

export interface Round {
  ours: number
  reference: number
  p50Ms?: number
  p99Ms?: number
  /** CPU of node and database together for one operation, µs. */
  cpuMicros?: number
}

export interface Row {
  what: string
  reference: string
  /** What the figures are: `holds/s`, `ms`. */
  unit: string
  rounds: Round[]
  /** The ratio ours : reference to reach; none where the figure is only reported. */
  toReach?: { least: number } | { most: number }
}

/** The middle one; of an even number the lower of the two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN
}

/** The table as Markdown, so that it can be pasted where it is needed. */
export function table(rows: readonly Row[]): string {
  const head = [
    'what',
    'ours',
    'reference',
    'ratio (spread)',
    'to reach',
    '',
    'p50 / p99 ms',
    'CPU µs',
  ]
  const lines = [head, head.map(() => '---'), ...rows.map(cells)]
  return lines.map((line) => `| ${line.join(' | ')} |`).join('\n')
}

function cells({ what, reference, unit, rounds, toReach }: Row): string[] {
  const ratios = rounds.map((round) => round.ours / round.reference)
  const ratio = median(ratios)
  const spread = `${figure(Math.min(...ratios))}–${figure(Math.max(...ratios))}`
  return [
    what,
    `${figure(median(rounds.map((round) => round.ours)))} ${unit}`,
    `${reference}: ${figure(median(rounds.map((round) => round.reference)))}`,
    `${figure(ratio)} (${spread})`,
    !toReach ? 'reported' : 'least' in toReach ? `≥ ${toReach.least}` : `≤ ${toReach.most}`,
    !toReach ? '' : isReached(ratio, toReach) ? '✓' : '✗',
    middle(rounds, 'p50Ms', 'p99Ms'),
    middle(rounds, 'cpuMicros'),
  ]
}

function isReached(ratio: number, toReach: NonNullable<Row['toReach']>): boolean {
  return 'least' in toReach ? ratio >= toReach.least : ratio <= toReach.most
}

function middle(rounds: readonly Round[], ...of: ('p50Ms' | 'p99Ms' | 'cpuMicros')[]): string {
  return of
    .map((name) => median(rounds.flatMap((round) => round[name] ?? [])))
    .map((value) => (Number.isNaN(value) ? '' : figure(value)))
    .filter(Boolean)
    .join(' / ')
}

/** Three digits that count. */
function figure(value: number): string {
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)))
}
