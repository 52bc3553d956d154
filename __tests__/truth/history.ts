/** A history: a few people and slots, what each phone knows, and the story told of it. */
import { randomUUID } from 'node:crypto'
import type { Method, PayParams, Scene } from '@jiyue/contract/payment'
import type { Parts } from '../../server/parts.ts'
import type { Lane } from './lane.ts'
import { Died, type Fault, newPlan, type Plan } from './plan.ts'
import { add } from './tally.ts'

export const second = 1000
export const minute = 60 * second
export const hour = 60 * minute

/** What differs from history to history besides the steps. */
export interface Setting {
  service: number
  /** Before it comes to rest nobody sweeps for an hour; else every turn of every schedule is taken. */
  outage: boolean
  slots: { startsIn: number; cutoff: number; capacity: number; moreFen: number }[]
}

export interface SlotIn {
  id: string
  name: string
  capacity: number
  startsAt: number
  endsAt: number
}

export interface OrderIn {
  id: string
  name: string
  user: string
  slot: SlotIn
  party: number
  /** As the phone saw it last. */
  step: 'held' | 'registered' | 'over'
  /** When the person tapped to cancel it: the rule goes by that, however long a provider takes. */
  taps: number[]
  payments: PaymentIn[]
}

export interface PaymentIn {
  id: string
  name: string
  tradeNo: string
  order: OrderIn
  method: Method
  scene: Scene
  /** What the phone was given to let the wallet pay; null while no answer came. */
  params: PayParams | null
  /** The move whose difference it pays; null for the order itself. */
  move: MoveIn | null
  /** Paid after its trade was over: only a notice or the bill can tell. */
  late: boolean
}

export interface MoveIn {
  id: string
  name: string
  order: OrderIn
  slot: SlotIn
  state: 'wished' | 'open' | 'over'
}

/** Something to do: in words, and what it answers. Null when there is nothing to do it with. */
export interface Step {
  text: string
  /** Time goes by just before. False: then there is nothing to do. */
  first?: () => Promise<boolean>
  /** An errand of the product; it may die, wait or lose answers. */
  errand?: (parts: Parts) => Promise<string>
  /** What the environment does; nothing goes wrong with it. */
  act?: () => Promise<string>
}

export interface History {
  lane: Lane
  users: string[]
  slots: SlotIn[]
  orders: OrderIn[]
  payments: PaymentIn[]
  moves: MoveIn[]
  story: string[]
  wrongs: string[]
  /** Errands that wait at a provider. */
  waiting: { plan: Plan; name: string; done: Promise<void> }[]
  /** More make a story long, and nothing else. */
  mostOrders: number
  /** When the history began. */
  began: number
}

/** Sets the scene: fresh people and slots of one service. */
export async function begin(lane: Lane, setting: Setting): Promise<History> {
  const began = lane.time.now().getTime()
  lane.rails.clear()
  const users = lane.newPeople(2)
  const service = lane.services[setting.service] as (typeof lane.services)[number]
  const slots = setting.slots.map((of, index) => ({
    ...of,
    id: randomUUID(),
    name: `slot ${index + 1}`,
    startsAt: began + of.startsIn,
    endsAt: began + of.startsIn + hour,
  }))
  await lane.db
    .insertInto('slots')
    .values(
      slots.map((slot) => ({
        id: slot.id,
        service_id: service.id,
        branch_id: null,
        staff_id: null,
        starts_at: new Date(slot.startsAt),
        ends_at: new Date(slot.endsAt),
        bookable_until: new Date(slot.startsAt - slot.cutoff),
        capacity: slot.capacity,
        closed_reason: null,
        price_fen: slot.moreFen === 0 ? null : Math.max(0, service.priceFen + slot.moreFen),
      })),
    )
    .execute()
  const scene = setting.slots.map(
    (of, index) =>
      `slot ${index + 1}: ${of.capacity} seats, in ${Math.round(of.startsIn / minute)} min, ` +
      `booking ends ${of.cutoff / minute} min before, ${of.moreFen} fen more`,
  )
  return {
    lane,
    users,
    slots,
    orders: [],
    payments: [],
    moves: [],
    story: [`goods ${setting.service}; ${scene.join('; ')}`],
    wrongs: [],
    waiting: [],
    mostOrders: 6,
    began,
  }
}

/** Virtual time since the beginning, for the story. */
export function clockOf({ lane, began }: History): string {
  const ms = lane.time.now().getTime() - began
  const pad = (n: number) => String(Math.floor(n)).padStart(2, '0')
  return `${pad(ms / hour)}:${pad((ms / minute) % 60)}:${pad((ms / second) % 60)}`
}

/** Does a step; comes back when it is done, or waits at a provider while others go on. */
export async function perform(h: History, step: Step, fault: Fault | undefined): Promise<void> {
  const plan = newPlan(step.errand ? fault : undefined)
  const at = clockOf(h)
  const done = (async () => {
    const result = await outcomeOf(h, step, plan)
    for (const fault of plan.told) add(h.lane.tally, fault.replace(/ [“].*/, ''))
    const trouble = plan.told.length > 0 ? ` [${plan.told.join('; ')}]` : ''
    h.story.push(`${at} ${step.text} → ${result}${trouble}`)
  })()
  const waits = await Promise.race([done.then(() => false), plan.waiting.then(() => true)])
  if (!waits) return
  h.story.push(`${at} ${step.text} … waits at its provider`)
  h.waiting.push({ plan, name: step.text, done })
}

async function outcomeOf(h: History, step: Step, plan: Plan): Promise<string> {
  if (step.act) return step.act()
  try {
    return (await step.errand?.(h.lane.parts(plan))) ?? ''
  } catch (error) {
    if (plan.dead) return 'died'
    if (error instanceof Died) throw new Error('died without a plan')
    h.wrongs.push(`${step.text} threw ${error instanceof Error ? error.stack : error}`)
    return 'threw'
  }
}

/** Lets an errand that waits go on to its end. */
export async function resume(h: History, index: number): Promise<void> {
  const [one] = h.waiting.splice(index, 1)
  if (!one) return
  one.plan.resume()
  await one.done
}
