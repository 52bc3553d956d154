import type { NetworkState, OnNetwork } from './types.ts'

/** Chromium's guess of the line's speed; Safari and Firefox have none. */
interface Connection extends EventTarget {
  effectiveType: 'slow-2g' | '2g' | '3g' | '4g'
}

/** The browser's own view: a line at all, and (Chromium) how fast. */
export const onNetwork: OnNetwork = (changed) => {
  const told = () => changed(state())
  const connection = line()
  window.addEventListener('online', told)
  window.addEventListener('offline', told)
  connection?.addEventListener('change', told)
  told()
  return () => {
    window.removeEventListener('online', told)
    window.removeEventListener('offline', told)
    connection?.removeEventListener('change', told)
  }
}

function state(): NetworkState {
  if (!navigator.onLine) return 'offline'
  return /2g/.test(line()?.effectiveType ?? '') ? 'weak' : 'online'
}

function line(): Connection | undefined {
  return (navigator as { connection?: Connection }).connection
}
