import type { Clock } from './clock.ts'
import type { Faults } from './faults.ts'
import type { Keys } from './keys.ts'
import type { Outbox } from './outbox.ts'
import type { People } from './people.ts'
import type { Plants } from './plants.ts'
import type { Schedule } from './schedule.ts'
import type { Signers } from './signers.ts'
import type { Store } from './store.ts'

/** Which of WeChat Pay's keys signs: the public key, the certificate, or a share of each. */
export type KeyMode = 'publicKey' | 'certificate' | 'mixed'

export type Settings = {
  id: 'settings'
  keyMode: KeyMode
  /** The newer of two keys signs this share of answers and notices, 0 to 1. */
  share: number
  /** How much faster than the real platforms retries and refunds run. */
  speed: number
  /** How far business time is ahead of real time. */
  offsetMs: number
  /** Where the draws of keys begin. */
  seed: number
  /** Whether WeChat Pay refuses a second refund of an order within a minute. */
  refundsApart: boolean
  /** The address for refunds set in the merchant's console of WeChat Pay; none when empty. */
  refundNotifyUrl: string
}

/** What every part of the sandbox stands on. */
export type World = {
  clock: Clock
  store: Store
  schedule: Schedule
  faults: Faults
  keys: Keys
  signers: Signers
  plants: Plants
  outbox: Outbox
  people: People
  settings(): Settings
  /** The sandbox's own address; known once it listens. */
  url(): string
  report(error: unknown): void
}
