import Taro, { type SocketTask } from '@tarojs/taro'
import { socketAddress } from './socketAddress.ts'
import type { OpenSocket } from './types.ts'

/** WeChat's socket task, which exists only after a moment. */
export const openSocket: OpenSocket = (path, { onOpen, onMessage, onClose }) => {
  let task: SocketTask | undefined
  let over = false
  const end = () => {
    if (over) return
    over = true
    onClose()
  }
  Taro.connectSocket({ url: socketAddress(path) }).then((connected) => {
    task = connected
    if (over) return task.close({})
    task.onOpen(() => over || onOpen())
    task.onMessage(({ data }) => over || onMessage(String(data)))
    // WeChat may say only one of the two.
    task.onClose(end)
    task.onError(end)
  }, end)
  return {
    send: (text) => task?.send({ data: text }),
    close: () => {
      over = true
      task?.close({})
    },
  }
}
