import { byTemplate } from './template.ts'

/** A message of Alipay's mini-program to who subscribed to its template (facts 5.2). */
export const alipay = byTemplate('alipay', 'alipay')
