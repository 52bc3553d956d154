/** A party that no single slot holds: how it is split over several (B6). Pure. */

/** A slot as splitting sees it. */
export interface Roomy {
  id: string
  startsAt: string
  left: number
}

/** So many of the party go into this slot. */
export interface PartyPart<Slot extends Roomy = Roomy> {
  slot: Slot
  party: number
}

export interface SplitRule {
  /** Smallest and largest party of one order. */
  min: number
  max: number
  /** Orders that one may have: slots at the most. */
  most: number
}

/** Slots looked at: these many of the nearest, and the roomiest, so that what fits is found. */
const looked = { nearest: 20, roomiest: 6 }

/** More orders than these nobody wants to fill in at once. */
export const groupMost = 4

/**
 * The fewest slots (two at least) that together hold the party, of those the nearest to `wantedAt`
 * (ISO); every part within the service's limits. In the order of time; [] when no slots hold it.
 */
export function splitParty<Slot extends Roomy>(
  slots: readonly Slot[],
  wantedAt: string,
  party: number,
  { min, max, most }: SplitRule,
): PartyPart<Slot>[] {
  const distance = (slot: Slot) => Math.abs(Date.parse(slot.startsAt) - Date.parse(wantedAt))
  const room = (slot: Slot) => Math.min(slot.left, max)
  const usable = slots.filter((slot) => room(slot) >= min)
  const near = usable.slice().sort((a, b) => distance(a) - distance(b) || earlier(a, b))
  const roomy = near.slice().sort((a, b) => room(b) - room(a))
  const some = near.filter(
    (slot) =>
      near.indexOf(slot) < looked.nearest || roomy.slice(0, looked.roomiest).indexOf(slot) >= 0,
  )
  for (let count = 2; count <= Math.min(most, groupMost); count++) {
    if (min * count > party) break
    const chosen = nearest(some, count, party, room, distance)
    if (chosen) return fill(chosen, party, min, room)
  }
  return []
}

/** The choice of `count` slots that holds the party with the least distance; null when none does. */
function nearest<Slot>(
  slots: readonly Slot[],
  count: number,
  party: number,
  room: (slot: Slot) => number,
  distance: (slot: Slot) => number,
): Slot[] | null {
  let best: Slot[] | null = null
  let bestAway = Number.POSITIVE_INFINITY
  const choose = (from: number, chosen: Slot[], seats: number, away: number) => {
    if (away >= bestAway) return
    if (chosen.length === count) {
      if (seats < party) return
      best = chosen
      bestAway = away
      return
    }
    for (let i = from; i <= slots.length - (count - chosen.length); i++) {
      const slot = slots[i] as Slot
      choose(i + 1, chosen.concat([slot]), seats + room(slot), away + distance(slot))
    }
  }
  choose(0, [], 0, 0)
  return best
}

/** Everybody into the nearest ones first, but so many everywhere that the smallest party is kept. */
function fill<Slot extends Roomy>(
  chosen: readonly Slot[],
  party: number,
  min: number,
  room: (slot: Slot) => number,
): PartyPart<Slot>[] {
  let rest = party - min * chosen.length
  return chosen
    .map((slot) => {
      const more = Math.min(rest, room(slot) - min)
      rest -= more
      return { slot, party: min + more }
    })
    .sort((a, b) => earlier(a.slot, b.slot))
}

function earlier(a: Roomy, b: Roomy): number {
  return Date.parse(a.startsAt) - Date.parse(b.startsAt)
}
