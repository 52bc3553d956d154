import { DEFAULT_SEED } from './faults.ts'
import type { Settings } from './world.ts'

export const DEFAULTS: Settings = {
  id: 'settings',
  keyMode: 'publicKey',
  share: 0.5,
  speed: 1,
  offsetMs: 0,
  seed: DEFAULT_SEED,
  refundsApart: true,
  refundNotifyUrl: '',
}

type Check = { words: string; read(value: unknown): unknown }

/** What may be set from outside; `read` gives undefined for a value that makes no sense. */
const CHECKS: Record<string, Check> = {
  keyMode: {
    words: 'publicKey, certificate or mixed',
    read: (value) =>
      ['publicKey', 'certificate', 'mixed'].includes(value as string) ? value : undefined,
  },
  share: { words: '0 to 1', read: (value) => numberWithin(value, 0, 1) },
  speed: { words: '1 or more', read: (value) => numberWithin(value, 1, Number.MAX_VALUE) },
  seed: {
    words: 'a whole number',
    read: (value) => (Number.isSafeInteger(Number(value)) ? Number(value) : undefined),
  },
  refundsApart: {
    words: 'true or false',
    read: (value) => ({ true: true, false: false })[String(value)],
  },
  refundNotifyUrl: {
    words: 'a web address, or empty',
    read: (value) => (value === '' || URL.canParse(String(value)) ? value : undefined),
  },
}

/** The settings among the fields of a request, or the sentence that says which one is wrong. */
export function readSettings(fields: Record<string, unknown>): Partial<Settings> | string {
  const given = Object.entries(fields).filter(([name]) => CHECKS[name])
  const read = given.map(([name, value]) => [name, CHECKS[name]?.read(value)] as const)
  const wrong = read.find(([, value]) => value === undefined)
  return wrong ? `${wrong[0]}: ${CHECKS[wrong[0]]?.words}` : Object.fromEntries(read)
}

function numberWithin(value: unknown, least: number, most: number): number | undefined {
  const number = value === '' ? Number.NaN : Number(value)
  return number >= least && number <= most ? number : undefined
}
