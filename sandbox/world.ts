import type { Clock } from './clock.ts'
import type { Faults } from './faults.ts'
import type { Keys } from './keys.ts'
import type { Outbox } from './outbox.ts'
import type { People } from './people.ts'
import type { Schedule } from './schedule.ts'
import type { Store } from './store.ts'

/** Which of WeChat Pay's keys signs: the public key, the certificate, or either at random. */
export type KeyMode = 'publicKey' | 'certificate' | 'mixed'

export type Settings = { id: 'settings'; keyMode: KeyMode; speed: number; offsetMs: number }

/** What every part of the sandbox stands on. */
export type World = {
  clock: Clock
  store: Store
  schedule: Schedule
  faults: Faults
  keys: Keys
  outbox: Outbox
  people: People
  settings(): Settings
  /** The sandbox's own address; known once it listens. */
  url(): string
  report(error: unknown): void
}
