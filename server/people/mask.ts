/** What screens and logs may show of personal data. */
import type { FieldKind } from '@jiyue/contract/fields/kinds'

/** `13800138000` → `138****8000`. */
export function maskPhone(phone: string): string {
  return phone.length === 11 ? `${phone.slice(0, 3)}****${phone.slice(7)}` : '****'
}

/** An answer's text as lists show it, by the kind of its field. */
export function maskAnswer(kind: FieldKind, text: string): string {
  if (kind === 'phone') return maskPhone(text)
  if (kind === 'idCard') return `${text.slice(0, 4)}**********${text.slice(-4)}`
  return text
}
