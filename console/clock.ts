/** The server's clock: countdowns and slot colours must not depend on how a counter's PC is set. */
import { useSyncExternalStore } from 'react'

let offsetMs = 0
let second = Math.floor(Date.now() / 1000)
let beat: ReturnType<typeof setInterval> | undefined
const listeners = new Set<() => void>()

/** Sets the clock by an instant the server just said. */
export function hearNow(now: string): void {
  offsetMs = Date.parse(now) - Date.now()
}

/** Milliseconds now, by the server's clock. */
export const serverNow = (): number => Date.now() + offsetMs

/** The server's clock as state: the component draws again every `everySeconds`. */
export function useNow(everySeconds = 1): number {
  const step = everySeconds * 1000
  useSyncExternalStore(subscribe, () => Math.floor((second * 1000) / step))
  return serverNow()
}

/** One interval for all, only while somebody looks. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  beat ??= setInterval(tick, 1000)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(beat)
    beat = undefined
  }
}

function tick(): void {
  second = Math.floor(serverNow() / 1000)
  for (const listener of listeners) listener()
}
