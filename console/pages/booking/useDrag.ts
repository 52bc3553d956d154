import type { ConsoleSlot } from '@jiyue/contract/schema/wire'
import {
  type PointerEvent as ReactPointerEvent,
  type RefObject,
  useEffect,
  useRef,
  useState,
} from 'react'
import type { Column } from './columnsOf.ts'
import { dragged, type Grip, lengthIn, type Span } from './grid.ts'
import { type Point, useFingers } from './useFingers.ts'

/** Further than this is a drag and no click. */
const clickPx = 4
/** So near an edge of the calendar it scrolls, so much a frame. */
const edgePx = 36
const scrollPx = 10
/** A finger is wider than the foot that a mouse finds. */
const fingerFootPx = 24

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
  /** Pixels of a minute; null where the hours are not drawn: a slot goes from cell to cell at its hour. */
  px: number | null
  drop: (slot: ConsoleSlot, landing: Landing) => void
  whyKept: (slot: ConsoleSlot) => string | null
  refuse: (slot: ConsoleSlot) => void
}

/**
 * Dragging a block by its middle or by its end: by mouse or pen at once, by a finger that has rested on
 * it (before that it scrolls). Esc, or a second finger, gives up.
 */
export function useDrag({ box, columns, px, drop, whyKept, refuse }: Given) {
  const [drag, setDrag] = useState<Drag | null>(null)
  const latest = useRef({ columns, drop })
  latest.current = { columns, drop }
  const end = useRef<(() => void) | null>(null)
  useEffect(() => () => end.current?.(), [])
  const fingers = useFingers(box)

  function start(
    event: ReactPointerEvent<HTMLButtonElement>,
    slot: ConsoleSlot,
    column: Column,
  ): void {
    end.current?.()
    if (event.button !== 0 || !event.isPrimary) return
    const block = event.currentTarget
    const pointer = event.pointerId
    const from = placeOf(event, box)
    const grip = gripOf(event, px)
    const span = lengthIn(column.day, slot)
    const isTouch = event.pointerType === 'touch'
    let at: Point = { x: event.clientX, y: event.clientY }
    let now: Drag | null = null
    let over = false
    let frame = 0

    const refuseOnce = () => {
      over = true
      refuse(slot)
    }
    const follow = () => {
      const { y } = placeOf({ clientX: at.x, clientY: at.y }, box)
      const key = grip === 'whole' ? columnAt(box, at, column, latest.current.columns) : column.key
      const down = px === null ? 0 : (y - from.y) / px
      now = { slot, grip, column: key, span: px === null ? span : dragged(span, grip, down) }
      setDrag(now)
    }
    // Held still at an edge it goes on scrolling, and what is held goes along.
    const scroll = () => {
      if (scrollAtEdge(box, at)) follow()
      frame = requestAnimationFrame(scroll)
    }
    const move = (moved: PointerEvent) => {
      if (over || moved.pointerId !== pointer) return
      at = { x: moved.clientX, y: moved.clientY }
      const { x, y } = placeOf(moved, box)
      if (!now && Math.hypot(x - from.x, y - from.y) < clickPx) return
      if (isTouch && !fingers.isLifted()) return
      if (whyKept(slot) !== null) return refuseOnce()
      moved.preventDefault()
      follow()
      if (frame === 0) frame = requestAnimationFrame(scroll)
    }
    const up = (raised: PointerEvent) => {
      if (raised.pointerId !== pointer) return
      const landed = now
      if (landed || over) swallowClick(block)
      stop()
      if (!landed) return
      const target = latest.current.columns.find(({ key }) => key === landed.column)
      const same =
        landed.column === column.key && landed.span.from === span.from && landed.span.to === span.to
      if (target && !same) latest.current.drop(slot, { column: target, span: landed.span })
    }
    const giveUp = () => {
      over = true
      now = null
      cancelAnimationFrame(frame)
      setDrag(null)
    }
    const key = ({ key: pressed }: KeyboardEvent) => {
      if (pressed === 'Escape' && now) giveUp()
    }
    const second = ({ isPrimary }: PointerEvent) => {
      if (!isPrimary) giveUp()
    }
    const stop = () => {
      now = null
      cancelAnimationFrame(frame)
      setDrag(null)
      end.current = null
      fingers.release()
      window.removeEventListener('pointermove', move)
      window.removeEventListener('pointerup', up)
      window.removeEventListener('pointercancel', stop)
      window.removeEventListener('pointerdown', second)
      window.removeEventListener('keydown', key)
    }
    end.current = stop
    window.addEventListener('pointermove', move)
    window.addEventListener('pointerup', up)
    window.addEventListener('pointercancel', stop)
    window.addEventListener('pointerdown', second)
    window.addEventListener('keydown', key)
    if (isTouch)
      fingers.rest(at, () => {
        if (whyKept(slot) !== null) refuseOnce()
        else follow()
      })
  }

  return { drag, start }
}

/** Of the calendar's content, whatever of it is in sight. */
function placeOf(
  { clientX, clientY }: { clientX: number; clientY: number },
  { current }: Given['box'],
): Point {
  return { x: clientX + (current?.scrollLeft ?? 0), y: clientY + (current?.scrollTop ?? 0) }
}

/** Where a block has a foot, its foot stretches it. */
function gripOf(event: ReactPointerEvent<HTMLButtonElement>, px: number | null): Grip {
  if (px === null) return 'whole'
  const { target, currentTarget, pointerType, clientY } = event
  if ((target as HTMLElement).dataset.grip === 'end') return 'end'
  if (pointerType !== 'touch' || !currentTarget.querySelector('[data-grip]')) return 'whole'
  const { bottom, height } = currentTarget.getBoundingClientRect()
  return clientY > bottom - Math.min(fingerFootPx, height / 3) ? 'end' : 'whole'
}

/** A service is a slot's own: among columns of services it stays with its own. */
function columnAt(box: Given['box'], { x, y }: Point, own: Column, all: readonly Column[]): string {
  const drawn = [...(box.current?.querySelectorAll<HTMLElement>('[data-column]') ?? [])]
  const under = drawn.find((one) => {
    const { left, right, top, bottom } = one.getBoundingClientRect()
    // Columns are as tall as all hours: only cells of a table have others above and below them.
    return x >= left && x < right && (one.dataset.cell === undefined || (y >= top && y < bottom))
  })
  const found = all.find(({ key }) => key === under?.dataset.column)
  const isOwn = own.lane?.kind !== 'service' || found?.lane?.id === own.lane.id
  return found && isOwn ? found.key : own.key
}

/** True when there was something left to scroll to. */
function scrollAtEdge({ current }: Given['box'], { x, y }: Point): boolean {
  if (!current) return false
  const { top, bottom, left, right } = current.getBoundingClientRect()
  const { scrollLeft, scrollTop } = current
  // Heads lie over the first rows.
  const toward = (at: number, near: number, far: number) =>
    at < near ? -scrollPx : at > far ? scrollPx : 0
  current.scrollBy({
    left: toward(x, left + edgePx, right - edgePx),
    top: toward(y, top + 2 * edgePx, bottom - edgePx),
  })
  return current.scrollLeft !== scrollLeft || current.scrollTop !== scrollTop
}

/** The click that ends a drag opens nothing. */
function swallowClick(block: HTMLElement): void {
  const swallow = (event: Event) => event.stopPropagation()
  block.ownerDocument.addEventListener('click', swallow, { capture: true, once: true })
  setTimeout(() => block.ownerDocument.removeEventListener('click', swallow, { capture: true }), 0)
}
