/**
 * The live wire `/v1/live` (JSON text frames). The first frame signs in, then topics are followed.
 * `slot` frames carry the number itself; everything else is a hint "read again", so a lost or
 * reordered frame can never show a wrong state. What was read before a topic is followed may be old and
 * nobody tells of it, so the answer to a `follow` makes its asker read once more, also after a gap.
 */
import type { QueueNews } from './queue.ts'

/** `service:<id>` its slots; `queue:<id>` who of its queue is in; `waits:<slot id>` a slot's waiting list; `order:<id>` one order; `inbox:<user id>` a person's messages; `console` the merchant's lists. */
export type Topic =
  | `service:${string}`
  | `queue:${string}`
  | `waits:${string}`
  | `order:${string}`
  | `inbox:${string}`
  | 'console'

export type ClientFrame =
  | { type: 'sign_in'; token: string | null }
  | { type: 'follow'; topics: Topic[] }
  | { type: 'unfollow'; topics: Topic[] }
  | { type: 'ping' }

export type ServerFrame =
  /** Signed in; `now` (ISO) sets the phone's clock offset. */
  | { type: 'ready'; now: string }
  /** From now on news of these topics arrive: what is read from here on misses nothing. */
  | { type: 'following'; topics: Topic[] }
  /** A higher `version` wins; lower ones are old news. */
  | { type: 'slot'; serviceId: string; slotId: string; left: number; version: number }
  /** Once for everybody who waits: each phone knows its own place from it. */
  | ({ type: 'queue' } & QueueNews)
  | { type: 'hint'; topic: Topic }
  | { type: 'refused'; code: string; topic?: Topic }
  | { type: 'pong'; now: string }

/** Topics one socket may follow. */
export const topicsPerSocket = 50

/** Wait before reconnecting, ms, by how many attempts failed; the caller adds jitter. */
export function backoffMs(failed: number): number {
  return Math.min(15_000, 500 * 2 ** Math.min(failed, 5))
}
