/**
 * What goes wrong on one errand of the product (a request, a sweep): an answer that is lost, a process
 * that dies at a provider's call or at any single query, or that waits there while others go on.
 */
import type { Answer, Gateway } from '../../server/payment/gateways/gateway.ts'
import { refused, unknown } from '../../server/platforms/answer.ts'

/** At a provider's call. `unreached` nothing happened there, `unheard` it happened and the answer is lost. */
export type CallFault =
  | 'unreached'
  | 'unheard'
  | 'refused'
  | 'dies before'
  | 'dies after'
  | 'waits before'
  | 'waits after'

export type Fault =
  | { at: 'call'; n: number; what: CallFault }
  | { at: 'query'; n: number; what: 'dies before' | 'dies after' }

/** Thrown where a process dies; nobody in the product may take it for an answer. */
export class Died extends Error {
  constructor(where: string) {
    super(`the process died ${where}`)
    this.name = 'Died'
  }
}

/** One errand's plan, and how far it came. */
export interface Plan {
  fault: Fault | undefined
  calls: number
  queries: number
  dead: boolean
  /** Resolves when the errand waits at its provider. */
  waiting: Promise<void>
  /** Lets a waiting errand go on. */
  resume(): void
  /** Called at each planned fault that really happened, for the story. */
  told: string[]
  pause(): Promise<void>
}

export function newPlan(fault: Fault | undefined): Plan {
  let reached = () => {}
  let resume = () => {}
  const waiting = new Promise<void>((resolve) => {
    reached = resolve
  })
  const resumed = new Promise<void>((resolve) => {
    resume = resolve
  })
  return {
    fault,
    calls: 0,
    queries: 0,
    dead: false,
    waiting,
    resume,
    told: [],
    pause() {
      reached()
      return resumed
    },
  }
}

/** Lets the wire lose the answer of a call; answers how to stop that. Null where it cannot. */
export type Loser = (name: CallName, args: readonly unknown[]) => (() => void) | null

export type CallName =
  | 'open'
  | 'query'
  | 'close'
  | 'refund'
  | 'refund query'
  | 'refund to the merchant'
  | 'bill'

/** A gateway on which the plan's call goes wrong. Without `lose` an answer is lost here. */
export function faulty(gateway: Gateway, plan: Plan, lose?: Loser): Gateway {
  const calling =
    <A extends unknown[], T>(name: CallName, call: (...args: A) => Promise<Answer<T>>) =>
    async (...args: A): Promise<Answer<T>> => {
      if (plan.dead) throw new Died(`before ${name}`)
      const mine = plan.fault?.at === 'call' && plan.fault.n === plan.calls++
      const what = mine ? (plan.fault?.what as CallFault) : undefined
      if (!what) return call(...args)
      plan.told.push(`${name} ${what}`)
      if (what === 'unreached') return unknown('no_answer', 'lost on the way')
      if (what === 'refused' && (name === 'open' || name === 'refund'))
        return refused('RULE_LIMIT', 'not today')
      if (what === 'refused') return unknown('SYSTEM_ERROR', 'not now')
      if (what === 'dies before') return die(plan, name)
      if (what === 'waits before') await plan.pause()
      const found = what === 'unheard' ? lose?.(name, args) : null
      const answer = await call(...args)
      if (found) {
        found()
        return answer
      }
      if (what === 'dies after') return die(plan, name)
      if (what === 'waits after') await plan.pause()
      return what === 'unheard' ? unknown('no_answer', 'the answer was lost') : answer
    }
  return {
    ...gateway,
    prepare: calling('open', gateway.prepare),
    query: calling('query', gateway.query),
    close: calling('close', gateway.close),
    refund: calling('refund', gateway.refund),
    queryRefund: calling('refund query', gateway.queryRefund),
    ...(gateway.refundToMerchant && {
      refundToMerchant: calling('refund to the merchant', gateway.refundToMerchant),
    }),
    bill: calling('bill', gateway.bill),
  }
}

function die(plan: Plan, where: string): never {
  plan.dead = true
  throw new Died(`at ${where}`)
}
