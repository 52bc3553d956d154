/** Time goes by. */
import { sql } from 'kysely'
import { type History, hour, minute, type Step, second } from '../history.ts'
import { pick } from './choose.ts'

const JUMPS = [1, 10, 31, 61, 180, 600, 1200, 1860, 3 * 3600, 24 * 3600].map((s) => s * second)
/** Index of a jump over any clock of a payment. */
export const JUMP_PAST_CLOCKS = JUMPS.indexOf(1860 * second)

export function wait(h: History, a: number): Step {
  const ms = pick(JUMPS, a) as number
  const text =
    ms >= hour ? `${ms / hour} h` : ms >= minute ? `${ms / minute} min` : `${ms / second} s`
  return {
    text: `${text} go by`,
    act: () => goTo(h, h.lane.time.now().getTime() + ms),
  }
}

export async function goTo(h: History, at: number): Promise<string> {
  await h.lane.time.moveTo(h.lane.db, at)
  await h.lane.rails.settle()
  return 'now'
}

/** Time moves to one of the instants where rules change, or to a second before or after it. */
export function edge(h: History, a: number, b: number): Step {
  return {
    text: 'time goes on to an edge',
    act: async () => {
      const now = h.lane.time.now().getTime()
      const edges = [...(await edgesOf(h))].filter((at) => at > now + second).sort((x, y) => x - y)
      const next = pick(edges.slice(0, 4), a)
      if (next === undefined) return 'none ahead'
      return goTo(h, next + ([0, -second, second][b % 3] as number))
    },
  }
}

async function edgesOf(h: History): Promise<Set<number>> {
  const slots = h.slots.map(({ id }) => id)
  const { rows } = await sql<{ at: Date }>`
    select held_until as at from orders where slot_id = any (${slots}) and held_until is not null
    union select expires_at from payments join orders on orders.id = order_id
      where slot_id = any (${slots})
    union select ask_at from payments where ask_at is not null
    union select due_at from refunds where due_at is not null`.execute(h.lane.db)
  const starts = h.slots.flatMap(({ startsAt }) => [startsAt, startsAt - 24 * hour])
  return new Set([...rows.map(({ at }) => at.getTime()), ...starts])
}
