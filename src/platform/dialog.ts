import { guardDialog } from './back.ts'

/**
 * A dialog for the keyboard and the Back key: focus goes into it and back where it was, Escape and
 * Back close it. `name` is its `aria-label`. Answers how to end. Hosts without both do nothing.
 */
export function keepDialog(name: string, onClose: () => void): () => void {
  const before = document.activeElement
  const card = document.querySelector<HTMLElement>(`[role="dialog"][aria-label="${name}"]`)
  card?.setAttribute('tabindex', '-1')
  card?.focus({ preventScroll: true })
  const listen = (event: KeyboardEvent) => {
    if (event.key === 'Escape') onClose()
  }
  document.addEventListener('keydown', listen)
  const unguardBack = guardDialog(onClose)
  return () => {
    document.removeEventListener('keydown', listen)
    unguardBack()
    if (before instanceof HTMLElement) before.focus({ preventScroll: true })
  }
}
