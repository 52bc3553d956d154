import { byTemplate } from './template.ts'

/** A subscribe message: one consent of the person is one message (facts 5.1). */
export const wechat = byTemplate('wechat', 'weapp')
