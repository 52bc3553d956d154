import { alipay } from './alipay.ts'
import type { Channel } from './channel.ts'
import { inbox } from './inbox.ts'
import { mail } from './mail.ts'
import { sms } from './sms.ts'
import { wechat } from './wechat.ts'

/** The channels in the order they are tried; the inbox always has it, of the others the first. */
export const channels: readonly Channel[] = [inbox, wechat, alipay, sms, mail]
