/**
 * A dialog for the keyboard: focus goes into it and back where it was, Escape closes it. `name` is
 * its `aria-label`. Answers how to end. Hosts without a keyboard do nothing.
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
  return () => {
    document.removeEventListener('keydown', listen)
    if (before instanceof HTMLElement) before.focus({ preventScroll: true })
  }
}
