import { socketAddress } from './socketAddress.ts'
import type { OpenSocket, SocketHandlers } from './types.ts'

/** One connection we want; a new one takes the place of the old. */
interface Wanted extends SocketHandlers {
  url: string
}

/** The connection the app wants now. */
let current: Wanted | undefined
/** The connection that the host has open or opening; its events speak of this one. */
let served: Wanted | undefined
/** The host still has a socket: it must say goodbye before it takes another. */
let hostBusy = false
let listening = false

/**
 * Alipay has one socket for the whole app and listeners that cannot be taken off. So we listen
 * once, pass events to whom the socket belongs now, and open the next one only after the last
 * one's close has come: else its late goodbye would end the new connection.
 */
export const openSocket: OpenSocket = (path, handlers) => {
  listenOnce()
  const wanted: Wanted = { ...handlers, url: socketAddress(path) }
  current = wanted
  if (hostBusy) my.closeSocket({})
  else connect(wanted)
  return {
    send: (text) => {
      if (current === wanted) my.sendSocketMessage({ data: text })
    },
    close: () => {
      if (current !== wanted) return
      current = undefined
      if (hostBusy) my.closeSocket({})
    },
  }
}

function connect(wanted: Wanted): void {
  hostBusy = true
  served = wanted
  my.connectSocket({ url: wanted.url, fail: ended })
}

function listenOnce(): void {
  if (listening) return
  listening = true
  my.onSocketOpen(() => {
    // Given up while it was opening.
    if (served !== current) return my.closeSocket({})
    served?.onOpen()
  })
  my.onSocketMessage(({ data }) => {
    if (served === current) served?.onMessage(String(data))
  })
  my.onSocketClose(ended)
  my.onSocketError(ended)
}

/** The host's socket is gone: tell its owner, or open the one that waits. May be said twice. */
function ended(): void {
  if (!hostBusy) return
  hostBusy = false
  const last = served
  served = undefined
  if (current !== last) {
    if (current) connect(current)
    return
  }
  current = undefined
  last?.onClose()
}
