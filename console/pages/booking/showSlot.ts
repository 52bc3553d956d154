import type { ConsoleSlot, Reply } from '@jiyue/contract/schema/wire'
import { queries } from '../../asking.ts'
import { readAgainSoon } from '../../readAgain.ts'

/** Puts the server's answer on the board at once; the reading after it settles the rest. */
export function showSlot(slot: ConsoleSlot): void {
  queries.setQueriesData<Reply<'listConsoleSlots'>>(
    { queryKey: ['listConsoleSlots'] },
    (data) =>
      data && { ...data, slots: data.slots.map((old) => (old.id === slot.id ? slot : old)) },
  )
  readAgainSoon('listConsoleSlots')
}
