import type { ConsoleSlot, Reply } from '@jiyue/contract/schema/wire'
import { queries, readAgainSoon } from '../../asking.ts'

/**
 * Puts the server's answer on the calendar at once; a reading that began before it is given up,
 * and the one after it settles the rest. `was`: the
 * slot it was before a move.
 */
export async function showSlot(slot: ConsoleSlot, was: string = slot.id): Promise<void> {
  await queries.cancelQueries({ queryKey: ['listConsoleSlots'] })
  queries.setQueriesData<Reply<'listConsoleSlots'>>(
    { queryKey: ['listConsoleSlots'] },
    (data) => data && { ...data, slots: data.slots.map((old) => (old.id === was ? slot : old)) },
  )
  readAgainSoon('listConsoleSlots')
}
