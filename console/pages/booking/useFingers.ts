import { type RefObject, useEffect, useRef } from 'react'

/** A finger that has rested so long, and so still, lifts what lies under it; before, it scrolls. */
const restMs = 350
const stillPx = 8

export interface Point {
  x: number
  y: number
}

/**
 * Lifting by a finger. While something is lifted the box does not scroll under it: a browser asks that
 * of a touchmove that was listened to, not passively, before the finger came down.
 */
export function useFingers(box: RefObject<HTMLDivElement | null>) {
  const state = useRef({ timer: 0, from: null as Point | null, lifted: false })

  useEffect(() => {
    const { current } = box
    if (!current) return
    const now = state.current
    const forget = () => {
      window.clearTimeout(now.timer)
      now.from = null
      now.lifted = false
    }
    const down = ({ touches }: TouchEvent) => {
      // What lay under the last finger may have gone from the page, and its end with it.
      now.lifted = false
      if (touches.length > 1) forget()
    }
    const move = (event: TouchEvent) => {
      if (now.lifted) return event.preventDefault()
      const [finger] = event.touches
      const { from } = now
      if (!finger || !from) return
      // It scrolls.
      if (Math.hypot(finger.clientX - from.x, finger.clientY - from.y) > stillPx) forget()
    }
    const up = (event: TouchEvent) => {
      // No click follows what was lifted.
      if (now.lifted) event.preventDefault()
      forget()
    }
    // A long press asks for the browser's menu, which would take the finger away.
    const menu = (event: Event) => {
      if (now.from) event.preventDefault()
    }
    const listening: [string, (event: never) => void, AddEventListenerOptions?][] = [
      ['touchstart', down, { passive: true }],
      ['touchmove', move, { passive: false }],
      ['touchend', up, { passive: false }],
      ['touchcancel', forget],
      ['contextmenu', menu],
    ]
    for (const [name, listener, how] of listening)
      current.addEventListener(name, listener as EventListener, how)
    return () => {
      forget()
      for (const [name, listener] of listening)
        current.removeEventListener(name, listener as EventListener)
    }
  }, [box])

  return {
    isLifted: () => state.current.lifted,
    /** Calls `lift` once the finger that came down at `from` just now has rested. */
    rest(from: Point, lift: () => void): void {
      const now = state.current
      window.clearTimeout(now.timer)
      now.from = from
      now.timer = window.setTimeout(() => {
        now.lifted = true
        navigator.vibrate?.(10)
        lift()
      }, restMs)
    },
    /** Nothing is to be lifted any more; what was is let go when the finger leaves. */
    release(): void {
      window.clearTimeout(state.current.timer)
    },
  }
}
