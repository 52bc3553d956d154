import { socketAddress } from './socketAddress.ts'
import type { OpenSocket } from './types.ts'

/** A browser's WebSocket. */
export const openSocket: OpenSocket = (path, { onOpen, onMessage, onClose }) => {
  const socket = new WebSocket(socketAddress(path))
  socket.onopen = onOpen
  socket.onmessage = ({ data }) => onMessage(String(data))
  // A failed connection says both `error` and `close`; `close` always comes.
  socket.onclose = onClose
  return {
    send: (text) => socket.send(text),
    close: () => {
      socket.onmessage = socket.onclose = null
      // One that is still connecting ends once it stands: ended earlier, a browser logs it as a fault.
      socket.onopen = () => socket.close()
      if (socket.readyState !== WebSocket.CONNECTING) socket.close()
    },
  }
}
