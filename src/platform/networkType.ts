import type { NetworkState } from './types.ts'

/** A mini-program host's name of the line: wifi, 2g … 5g, unknown, none or NOTREACHABLE. */
export function stateOf(networkType: string): NetworkState {
  const type = networkType.toLowerCase()
  if (type === 'none' || type === 'notreachable') return 'offline'
  return type === '2g' ? 'weak' : 'online'
}
