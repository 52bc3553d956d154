import type { ConsoleSlot } from '@jiyue/contract/schema/wire'
import {
  type PointerEvent as ReactPointerEvent,
  type RefObject,
  useEffect,
  useRef,
  useState,
} from 'react'
import type { Column } from './columnsOf.ts'
import { dragged, type Grip, type Span, spanIn } from './grid.ts'

/** Further than this is a drag and no click. */
const clickPx = 4
/** So near an edge of the calendar it scrolls. */
const edgePx = 36

export interface Landing {
  column: Column
  span: Span
}

interface Drag {
  slot: ConsoleSlot
  grip: Grip
  /** The key of the column it is over. */
  column: string
  span: Span
}

interface Given {
  box: RefObject<HTMLDivElement | null>
  columns: readonly Column[]
  /** Pixels of a minute. */
  px: number
  drop: (slot: ConsoleSlot, landing: Landing) => void
  whyKept: (slot: ConsoleSlot) => string | null
  refuse: (slot: ConsoleSlot) => void
}

/**
 * Dragging with mouse or pen: a block by its middle or by its end. A finger scrolls instead, and moves
 * slots by their form, as the keyboard does. Esc gives up.
 */
export function useDrag({ box, columns, px, drop, whyKept, refuse }: Given) {
  const [drag, setDrag] = useState<Drag | null>(null)
  const latest = useRef({ columns, drop })
  latest.current = { columns, drop }
  const end = useRef<(() => void) | null>(null)
  useEffect(() => () => end.current?.(), [])

  function start(
    event: ReactPointerEvent<HTMLButtonElement>,
    slot: ConsoleSlot,
    column: Column,
    whole: Grip,
  ): void {
    if (event.button !== 0 || event.pointerType === 'touch') return
    const grip: Grip = (event.target as HTMLElement).dataset.grip === 'end' ? 'end' : whole
    const from = { x: event.clientX, y: event.clientY + scrolled(box) }
    const span = spanIn(column.day, slot)
    const block = event.currentTarget
    let now: Drag | null = null
    let over = false

    const move = (moved: PointerEvent) => {
      if (over) return
      const down = moved.clientY + scrolled(box) - from.y
      if (!now && Math.hypot(moved.clientX - from.x, down) < clickPx) return
      if (whyKept(slot) !== null) {
        over = true
        return refuse(slot)
      }
      moved.preventDefault()
      scrollAtEdge(box, moved.clientY)
      const at = grip === 'whole' ? columnAt(box, moved.clientX, column) : column.key
      now = { slot, grip, column: at, span: dragged(span, grip, down / px) }
      setDrag(now)
    }
    const up = () => {
      const landed = now
      if (landed || over) swallowClick(block)
      stop()
      if (!landed) return
      const target = latest.current.columns.find(({ key }) => key === landed.column)
      const same =
        landed.column === column.key && landed.span.from === span.from && landed.span.to === span.to
      if (target && !same) latest.current.drop(slot, { column: target, span: landed.span })
    }
    const key = ({ key: pressed }: KeyboardEvent) => {
      if (pressed !== 'Escape' || !now) return
      over = true
      now = null
      setDrag(null)
    }
    const stop = () => {
      now = null
      setDrag(null)
      end.current = null
      window.removeEventListener('pointermove', move)
      window.removeEventListener('pointerup', up)
      window.removeEventListener('pointercancel', stop)
      window.removeEventListener('keydown', key)
    }
    end.current = stop
    window.addEventListener('pointermove', move)
    window.addEventListener('pointerup', up)
    window.addEventListener('pointercancel', stop)
    window.addEventListener('keydown', key)
  }

  return { drag, start }
}

const scrolled = (box: Given['box']) => box.current?.scrollTop ?? 0

/** A service is a slot's own: among columns of services it stays in its column. */
function columnAt(box: Given['box'], x: number, own: Column): string {
  if (own.lane?.kind === 'service') return own.key
  const columns = [...(box.current?.querySelectorAll<HTMLElement>('[data-column]') ?? [])]
  const under = columns.find((one) => {
    const { left, right } = one.getBoundingClientRect()
    return x >= left && x < right
  })
  return under?.dataset.column ?? own.key
}

function scrollAtEdge({ current }: Given['box'], y: number): void {
  if (!current) return
  const { top, bottom } = current.getBoundingClientRect()
  if (y < top + 2 * edgePx) current.scrollBy({ top: -12 })
  else if (y > bottom - edgePx) current.scrollBy({ top: 12 })
}

/** The click that ends a drag opens nothing. */
function swallowClick(block: HTMLElement): void {
  const swallow = (event: Event) => event.stopPropagation()
  block.ownerDocument.addEventListener('click', swallow, { capture: true, once: true })
  setTimeout(() => block.ownerDocument.removeEventListener('click', swallow, { capture: true }), 0)
}
