import type { World } from './world.ts'

/** One try of a notice, kept for the admin page. */
export type Attempt = { at: string; what: string; outcome: string }

/** A message from a platform to the merchant's server. `content` is the platform's plain JSON. */
export type Notice = {
  id: string
  platform: 'wechat' | 'alipay'
  url: string
  event: string
  /** The merchant's order number: notices of one order can overtake each other. */
  subject: string
  content: string
  /** How it is written when no fault says otherwise; 'plain' when it does not say. */
  variant?: string
  /** Every number the notice concerns, when they are more than the order's. */
  about?: string[]
  state: 'waiting' | 'held' | 'delivered' | 'given up'
  tries: number
  log: Attempt[]
}

export type Wire = { headers: Record<string, string>; body: string }

/** How one platform writes notices and reads the answers. */
export type Dialect = {
  /** The name of its fault switches. */
  call: string
  /** Waits between tries; when they are used up the platform gives up. */
  retryMs: number[]
  /** Writes one try; `variant` is 'plain' or the fault it shall have. */
  write(notice: Notice, variant: string): Wire
  accepts(status: number, body: string): boolean
}

/** A notice as its platform hands it over to be sent. */
export type Draft = Pick<
  Notice,
  'id' | 'platform' | 'url' | 'event' | 'subject' | 'content' | 'about' | 'variant'
>

export type Notices = {
  send(notice: Draft): void
  /**
   * Sends a notice again at once, whatever became of it; or every notice of a merchant's number.
   * Gives how many. When it is not accepted the schedule goes on where it was.
   */
  resend(idOrNumber: string): number
  all(): Notice[]
}

/** The platforms wait this long for an answer; real time, not divided by the speed. */
const ANSWER_LIMIT_MS = 5_000
const LATE_MS = 60_000
const HELD_MS = 600_000
/** Faults that change the one message; the others change how often and when it is sent. */
const VARIANTS = [
  'amountMismatch',
  'badSignature',
  'unknownSerial',
  'staleTime',
  'missingHeaders',
  'v2Xml',
]

/** Sends notices of both platforms until they are accepted or their retries are used up. */
export function makeNotices(world: World, dialects: Record<Notice['platform'], Dialect>): Notices {
  const table = world.store.table<Notice>('notices')
  const held = new Set(
    table
      .all()
      .filter((notice) => notice.state === 'held')
      .map(({ id }) => id),
  )

  const deliver = async (id: string) => {
    const notice = table.get(id)
    if (!notice || notice.state === 'delivered') return
    const dialect = dialects[notice.platform]
    const faults = world.faults.take(dialect.call, notice.about ?? [notice.subject])
    if (postpone(notice, faults)) return
    const accepted = await tryOnce(notice, dialect, faults)
    const tries = notice.tries + 1
    const wait = dialect.retryMs[notice.tries]
    const state = accepted ? 'delivered' : wait === undefined ? 'given up' : 'waiting'
    table.put({ ...(table.get(id) as Notice), tries, state })
    if (state === 'waiting') world.schedule.plan('notice', id, wait as number)
    else letGo(notice)
  }

  /** What waited for a later notice of the same order may be sent now. */
  const letGo = (sent: Notice) => {
    held.delete(sent.id)
    for (const id of held) if (table.get(id)?.subject === sent.subject) world.schedule.hurry(id)
  }

  /** Late and out-of-order notices: nothing is sent now. */
  const postpone = (notice: Notice, faults: Set<string>) => {
    if (notice.tries > 0 || notice.state === 'held') return false
    if (!faults.has('late') && !faults.has('outOfOrder')) return false
    table.put({ ...notice, state: 'held' })
    held.add(notice.id)
    world.schedule.plan('notice', notice.id, faults.has('outOfOrder') ? HELD_MS : LATE_MS)
    return true
  }

  const tryOnce = async (notice: Notice, dialect: Dialect, faults: Set<string>) => {
    for (const probe of ['forged', 'signtest'])
      if (faults.has(probe)) await post(notice, dialect, probe)
    if (faults.has('drop')) {
      log(notice.id, 'plain', 'lost on the way')
      return false
    }
    const variant = VARIANTS.find((one) => faults.has(one)) ?? notice.variant ?? 'plain'
    const accepted = await post(notice, dialect, variant)
    if (faults.has('duplicate')) await post(notice, dialect, variant)
    return accepted
  }

  const post = async (notice: Notice, dialect: Dialect, variant: string) => {
    const { headers, body } = dialect.write(notice, variant)
    const signal = AbortSignal.timeout(ANSWER_LIMIT_MS)
    try {
      const options = { method: 'POST', headers, body, signal, redirect: 'manual' } as const
      const answer = await fetch(notice.url, options)
      const text = await answer.text()
      log(notice.id, variant, `${answer.status} ${text.slice(0, 200)}`.trim())
      return dialect.accepts(answer.status, text)
    } catch (error) {
      // No answer is an outcome like another: it is written down and the retries go on.
      log(notice.id, variant, `no answer: ${error instanceof Error ? error.message : error}`)
      return false
    }
  }

  const log = (id: string, what: string, outcome: string) => {
    const notice = table.get(id) as Notice
    const at = new Date(world.clock.now()).toISOString()
    table.put({ ...notice, log: [...notice.log, { at, what, outcome }] })
  }

  const again = (notice: Notice) => {
    held.delete(notice.id)
    table.put({ ...notice, state: 'waiting' })
    if (world.schedule.nextAt(notice.id) === undefined) world.schedule.plan('notice', notice.id, 0)
    else world.schedule.hurry(notice.id)
  }

  world.schedule.on('notice', deliver)
  return {
    send(notice) {
      table.put({ ...notice, state: 'waiting', tries: 0, log: [] })
      world.schedule.plan('notice', notice.id, 0)
    },
    resend(idOrNumber) {
      const mine = table
        .all()
        .filter(
          ({ id, subject, about = [] }) =>
            id === idOrNumber || subject === idOrNumber || about.includes(idOrNumber),
        )
      for (const notice of mine) again(notice)
      return mine.length
    },
    all: () => table.all().reverse(),
  }
}
