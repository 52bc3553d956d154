import type { ConsoleSlot } from '@jiyue/contract/schema/wire'
import { showChange } from '../../asking.ts'

/** Puts the server's answer on the calendar at once. `was`: the slot it was before a move. */
export function showSlot(slot: ConsoleSlot, was: string = slot.id): void {
  void showChange(['listConsoleSlots'], (data) => ({
    ...data,
    slots: data.slots.map((old) => (old.id === was ? slot : old)),
  }))
}
