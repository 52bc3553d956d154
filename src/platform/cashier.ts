/**
 * Leaving for a cashier's page and coming back (P1). The cashier's pages and the page it comes back
 * to lie above our payment page in the browser's history; so the one it comes back to goes down
 * again to the payment page at once, and Back from there never meets the cashier.
 */
import { cleanAddress, parameters } from './addressBar.ts'
import type { CashierReturn, Off } from './types.ts'

/** Kept for this tab while another site is in front. */
interface Left {
  paymentId: string
  /** Length of the history when we left; the entry on top becomes the cashier's. */
  entries: number
}
interface Came extends CashierReturn {
  orderId: string | null
}

const leftShelf = 'cashier-left'
const cameShelf = 'cashier-came'
/** Browsers keep no more entries; from here on lengths tell nothing. */
const fullHistory = 50
/** A browser that has not gone down by now will not. */
const patienceMs = 1500

const listeners = new Set<() => void>()
let isGoingDown = false
let came: Came | null = null

arrive()
// Brought back alive, with everything that runs in it: no reading of the address happens again.
window.addEventListener('pageshow', ({ persisted }) => {
  if (persisted && window.sessionStorage.getItem(cameShelf)) tell()
})

/** Leaves the payment page for the cashier's. */
export function leaveForCashier(url: string, paymentId: string): void {
  // An entry of its own on top of ours ends whatever lay ahead, so that the length is our place.
  window.history.pushState(window.history.state, '', window.location.href)
  keep(leftShelf, { paymentId, entries: window.history.length } satisfies Left)
  window.location.replace(url)
}

/** How this page was reached, once; null when not from a cashier. */
export function cashierReturn(): CashierReturn | null {
  if (isGoingDown) return null
  const found = came ?? take<Came>(cameShelf)
  came = null
  if (!found || found.orderId !== parameters().get('id')) return null
  return { paymentId: found.paymentId, query: found.query }
}

/** Calls when a page that was kept alive has come back from a cashier. */
export function onCashierReturn(listener: () => void): Off {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

function arrive(): void {
  const paymentId = parameters().get('back')
  if (!paymentId) return
  const others = cleanAddress((name) => name === 'id' || name === 'move')
  others.delete('back')
  const found = { paymentId, query: others.toString(), orderId: parameters().get('id') }
  const left = take<Left>(leftShelf)
  const depth = left?.paymentId === paymentId ? window.history.length + 1 - left.entries : 0
  if (depth < 1 || window.history.length >= fullHistory || !keep(cameShelf, found)) {
    came = found
    return
  }
  isGoingDown = true
  window.history.go(-depth)
  window.setTimeout(() => {
    isGoingDown = false
    tell()
  }, patienceMs)
}

function tell(): void {
  for (const listener of Array.from(listeners)) listener()
}

function keep(shelf: string, value: object): boolean {
  try {
    window.sessionStorage.setItem(shelf, JSON.stringify(value))
    return true
  } catch {
    // A browser that keeps nothing: the page it comes back to stays in front.
    return false
  }
}

function take<T>(shelf: string): T | null {
  const text = window.sessionStorage.getItem(shelf)
  window.sessionStorage.removeItem(shelf)
  return text === null ? null : (JSON.parse(text) as T)
}
