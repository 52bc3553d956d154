/**
 * `npm run bench`: measures, each case beside its reference in interleaved rounds of one run, and
 * prints one table. `--only=hot,cached`, `--rounds=3`, `--seconds=5`. What and why: README.md.
 */
import { parseArgs } from 'node:util'
import { growth } from './growth.ts'
import { cachedSlots, hotSlot, type Pace, spreadSlots } from './http.ts'
import { idle } from './idle.ts'
import { journeys } from './journey.ts'
import { type Row, table } from './row.ts'
import { liveSockets } from './sockets.ts'
import { openStage, type Stage } from './stage.ts'

const PEOPLE = 20_000

const cases: Record<string, (stage: Stage, pace: Pace) => Promise<Row[]>> = {
  hot: hotSlot,
  spread: spreadSlots,
  cached: cachedSlots,
  live: liveSockets,
  journey: journeys,
  idle,
  growth,
}

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(cases).join(',') },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '6' },
  },
})
const chosen = values.only.split(',')
const unknown = chosen.filter((name) => !(name in cases))
if (unknown.length > 0) throw new Error(`no such case: ${unknown}; there are ${Object.keys(cases)}`)

const stage = await openStage({ people: PEOPLE })
try {
  const pace = { rounds: Number(values.rounds), seconds: Number(values.seconds) }
  const rows: Row[] = []
  for (const name of chosen) {
    console.error(`measuring: ${name}`)
    rows.push(...((await cases[name]?.(stage, pace)) ?? []))
  }
  console.log(table(rows))
} finally {
  await stage.close()
}
