import { createSend } from './asking.ts'
import type { Send } from './types.ts'

/** H5 is served by the API: same origin, ordinary XMLHttpRequest. */
export const send: Send = createSend('xhr')
