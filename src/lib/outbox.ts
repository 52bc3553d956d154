/**
 * Requests that must happen exactly once: hold, submit, pay-start, move, proof, wait, consents (T9). Each is written down with
 * its ids before it leaves and crossed out when an answer was heard. A lost answer is repeated with
 * the same ids — at once, after a reconnect, after a restart — and the server knows it again. A
 * second tap joins the first.
 */
import type { Call, Result } from '@jiyue/contract/client'
import { backoffMs } from '@jiyue/contract/live'
import { refusals } from '@jiyue/contract/refusals'
import type { Input, Reply } from '@jiyue/contract/schema/wire'
import type { Phone } from './phone.ts'

export type ErrandName =
  | 'putOrder'
  | 'putOrders'
  | 'putRegistration'
  | 'createPayment'
  | 'putMove'
  | 'putPicture'
  | 'putProof'
  | 'putWait'
  | 'putNegotiation'
  | 'putFeedback'
  | 'putFeedbackWords'
  | 'putConsents'

/** The input of any of them. */
type ErrandInput = { [N in ErrandName]: Input<N> }[ErrandName]

export interface Errand {
  /** What the person wants, in our own words: the same wish has the same key. */
  key: string
  name: ErrandName
  input: ErrandInput
  /** Device ms. */
  madeAt: number
}

export interface Outbox {
  /**
   * Sends the errand of `key`; one that still waits for its answer is sent again as it was, and
   * `makeInput` is not asked. Resolves with the answer, or `unheard` when the network stays away:
   * the errand is then kept for `repeat`.
   */
  send<N extends ErrandName>(
    key: string,
    name: N,
    makeInput: () => Input<N>,
  ): Promise<Result<Reply<N>>>
  /**
   * The same patience for what is too large to be written down (a picture): the caller keeps the id
   * and sends it again.
   */
  carry<N extends ErrandName>(name: N, input: Input<N>): Promise<Result<Reply<N>>>
  /** Sends again what was never answered: after a reconnect and at the start of the app. */
  repeat(): Promise<void>
  /** Stops waiting between two tries: the network is back. */
  hurry(): void
  /** Forgets an errand nobody wants any more; gives it back. */
  drop(key: string): Errand | null
  waiting(): Errand[]
  /** Tells whenever an errand starts or ends to be repeated over a bad network. */
  onTrying(listener: (trying: boolean) => void): () => void
}

/** After this time a repeat would do what the person no longer expects; the order's state tells. */
const lifeMs: Record<ErrandName, number> = {
  putOrder: 10 * 60_000,
  putOrders: 10 * 60_000,
  putRegistration: 15 * 60_000,
  createPayment: 2 * 60_000,
  putMove: 5 * 60_000,
  putPicture: 0,
  putProof: 60 * 60_000,
  putWait: 10 * 60_000,
  putNegotiation: 60 * 60_000,
  putFeedback: 24 * 60 * 60_000,
  putFeedbackWords: 24 * 60 * 60_000,
  putConsents: 24 * 60 * 60_000,
}

/** Tries of one `send` before it says that the network is away: 0, 0.5, 1.5, 3.5, 7.5 s. */
const tries = 5

const shelf = 'outbox'

export function createOutbox(call: Call, phone: Pick<Phone, 'storage' | 'now' | 'later'>): Outbox {
  const running = new Map<string, Promise<Result<unknown>>>()
  const sleepers = new Set<() => void>()
  const listeners = new Set<(trying: boolean) => void>()
  let trying = 0

  const waiting = () => phone.storage.get<Errand[]>(shelf) ?? []
  const write = (errands: Errand[]) => phone.storage.set(shelf, errands)
  const find = (key: string) => waiting().filter((one) => one.key === key)[0] ?? null
  const isAlive = (one: Errand) => phone.now() - one.madeAt < lifeMs[one.name]

  function writeDown(wish: Omit<Errand, 'madeAt'>): Errand {
    const errand = { ...wish, madeAt: phone.now() }
    write(
      waiting()
        .filter((one) => one.key !== wish.key)
        .concat([errand]),
    )
    return errand
  }

  function drop(key: string): Errand | null {
    const errand = find(key)
    if (errand) write(waiting().filter((one) => one.key !== key))
    return errand
  }

  function start(errand: Errand): Promise<Result<unknown>> {
    const already = running.get(errand.key)
    if (already) return already
    const answer = tell(errand, () => find(errand.key) !== null).then(
      (result) => {
        running.delete(errand.key)
        return result
      },
      (fault) => {
        running.delete(errand.key)
        throw fault
      },
    )
    running.set(errand.key, answer)
    return answer
  }

  async function tell(
    errand: Pick<Errand, 'key' | 'name' | 'input'>,
    isWanted: () => boolean,
  ): Promise<Result<unknown>> {
    let troubled = false
    try {
      for (let attempt = 1; ; attempt++) {
        const result = (await call(
          errand.name,
          errand.input as Input<ErrandName>,
        )) as Result<unknown>
        if (!mustRepeat(result)) {
          drop(errand.key)
          return result
        }
        if (attempt === tries) return result
        if (!troubled) say(++trying > 0)
        troubled = true
        await sleep(backoffMs(attempt - 1))
        if (!isWanted()) return result
      }
    } finally {
      if (troubled) say(--trying > 0)
    }
  }

  function sleep(ms: number): Promise<void> {
    return new Promise((wake) => {
      const up = () => {
        sleepers.delete(up)
        cancel()
        wake()
      }
      const cancel = phone.later(ms, up)
      sleepers.add(up)
    })
  }

  function say(now: boolean) {
    for (const listener of Array.from(listeners)) listener(now)
  }

  return {
    send<N extends ErrandName>(key: string, name: N, makeInput: () => Input<N>) {
      const old = find(key)
      const errand =
        old && isAlive(old) ? old : writeDown({ key, name, input: makeInput() as ErrandInput })
      return start(errand) as Promise<Result<Reply<N>>>
    },
    carry<N extends ErrandName>(name: N, input: Input<N>) {
      const errand = { key: '', name, input: input as ErrandInput }
      return tell(errand, () => true) as Promise<Result<Reply<N>>>
    },
    async repeat() {
      for (const errand of waiting()) if (!isAlive(errand)) drop(errand.key)
      await Promise.all(waiting().map(start))
    },
    hurry() {
      for (const wake of Array.from(sleepers)) wake()
    },
    drop,
    waiting,
    onTrying(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
  }
}

/** Nothing was heard, or the server could not say what became of it. */
export function mustRepeat(result: Result<unknown>): boolean {
  return !result.ok && (result.unheard || refusals[result.code].reaction === 'retry')
}
