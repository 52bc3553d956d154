import { createSend } from './asking.ts'
import { taroAdapter } from './taroAdapter.ts'
import type { Send } from './types.ts'

/** WeChat hands every status to `success`; `fail` is the network's alone. */
export const send: Send = createSend(
  taroAdapter((failed) => {
    const { errMsg = '' } = failed as { errMsg?: string }
    return /timeout|timed out/i.test(errMsg) ? 'timeout' : 'offline'
  }),
)
