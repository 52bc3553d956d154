import type { ConsoleSlot, Reply } from '@jiyue/contract/schema/wire'
import { queries, readAgainSoon } from '../../asking.ts'

/**
 * Puts the server's answer on the calendar at once; the reading after it settles the rest. `was`: the
 * slot it was before a move.
 */
export function showSlot(slot: ConsoleSlot, was: string = slot.id): void {
  queries.setQueriesData<Reply<'listConsoleSlots'>>(
    { queryKey: ['listConsoleSlots'] },
    (data) => data && { ...data, slots: data.slots.map((old) => (old.id === was ? slot : old)) },
  )
  readAgainSoon('listConsoleSlots')
}
