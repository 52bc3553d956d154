import type { ConsoleSlot, Reply } from '@jiyue/contract/schema/wire'
import type { Lane } from './columnsOf.ts'
import type { Place } from './useMoveSlot.ts'

/** Whose a slot is in another column: a room brings its branch along; all else stays the slot's own. */
export function placeOf(
  slot: Pick<ConsoleSlot, 'staffId' | 'roomId' | 'branchId'>,
  lane: Lane | null,
  { rooms }: Pick<Reply<'listConsoleServices'>, 'rooms'>,
): Pick<Place, 'staffId' | 'roomId' | 'branchId'> {
  const { staffId, roomId, branchId } = slot
  const own = { staffId, roomId, branchId }
  if (lane?.kind === 'staff') return { ...own, staffId: lane.id }
  if (lane?.kind === 'branch') return { ...own, branchId: lane.id }
  if (lane?.kind !== 'room') return own
  const room = rooms.find(({ id }) => id === lane.id)
  return { ...own, roomId: lane.id, branchId: room?.branchId ?? branchId }
}
