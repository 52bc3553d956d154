import { createSend } from './asking.ts'
import { taroAdapter } from './taroAdapter.ts'
import type { Send } from './types.ts'

/** Error numbers of my.request that mean something else than "no network". */
const NOT_2XX = 19
const TIMEOUT = 13

/** Alipay hands every status outside 2xx to `fail`; for us it is an answer like any other. */
export const send: Send = createSend(
  taroAdapter((failed) => {
    const { error, status, data, headers } = failed as {
      error?: number
      status?: number
      data?: unknown
      headers?: object
    }
    if (error === NOT_2XX && status) return { status, data, headers: headers ?? {} }
    return error === TIMEOUT ? 'timeout' : 'offline'
  }),
)
