import type { ConsoleSlot, Input } from '@jiyue/contract/schema/wire'
import { spanText } from '@jiyue/contract/time'
import { App, type FormInstance } from 'antd'
import { useRef } from 'react'
import { useAct } from '../../acting.ts'
import { newId } from '../../newId.ts'
import { useUndo } from '../../parts/useUndo.tsx'
import { showSlot } from './showSlot.ts'

/** Where a slot is to be: its times, and whose. */
export type Place = Omit<Input<'putSlotMove'>['body'], 'slotId'>

interface MoveOptions {
  /** Refusals stand beside its fields. */
  form?: FormInstance
  /** It has another id now: what spoke of `was` speaks of `slot`. */
  became: (slot: ConsoleSlot, was: string) => void
}

/** Moves or stretches a slot, by the mouse or by the form, and takes it back from the message. */
export function useMoveSlot({ form, became }: MoveOptions) {
  const { message } = App.useApp()
  const undo = useUndo()
  // The name is kept over repeats: a lost answer makes no second slot.
  const named = useRef({ key: '', slotId: '' })
  const takeBack = useAct('deleteSlotMove', {
    done(slot, { params }) {
      showSlot(slot, params.id)
      became(slot, params.id)
      message.success(`已改回 ${spanText(slot.startsAt, slot.endsAt)}`)
    },
  })
  const move = useAct('putSlotMove', {
    ...(form && { form: { form } }),
    done(slot, { params }) {
      showSlot(slot, params.id)
      became(slot, params.id)
      undo(`已改到 ${spanText(slot.startsAt, slot.endsAt)}`, () =>
        takeBack.mutate({ params: { id: slot.id } }),
      )
    },
  })
  return {
    isPending: move.isPending || takeBack.isPending,
    /** What is on its way: drawn where it goes until the server has said so. */
    going: move.isPending ? move.variables : undefined,
    move(id: string, place: Place) {
      const key = JSON.stringify([id, place])
      const lost = move.error?.no.unheard === true && named.current.key === key
      if (!lost) named.current = { key, slotId: newId() }
      move.mutate({ params: { id }, body: { ...place, slotId: named.current.slotId } })
    },
  }
}
