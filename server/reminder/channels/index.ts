import type { Channel } from './channel.ts'
import { sms } from './sms.ts'

/** The channels in the order they are tried. */
export const channels: readonly Channel[] = [sms]
