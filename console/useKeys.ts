import { useEffect, useRef } from 'react'

/**
 * Single keys that act on the page while `on`: `{ a: approve, ArrowRight: next }`. Never while somebody
 * types, and never together with Ctrl, Alt or ⌘: those belong to the browser.
 */
export function useKeys(keys: Record<string, () => void>, on = true): void {
  const latest = useRef(keys)
  latest.current = keys
  useEffect(() => {
    if (!on) return
    const onKey = (event: KeyboardEvent) => {
      const act = latest.current[event.key]
      if (!act || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      event.preventDefault()
      act()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [on])
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.closest('input, textarea, [contenteditable]') !== null
  )
}
