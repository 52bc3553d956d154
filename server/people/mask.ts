/** What screens and logs may show of personal data. */
import type { FormField } from '@jiyue/contract/fields/kinds'

/** `13800138000` → `138****8000`. */
export function maskPhone(phone: string): string {
  return phone.length === 11 ? `${phone.slice(0, 3)}****${phone.slice(7)}` : '****'
}

/** An answer's text as screens show it: of what is kept sealed, never the whole; whole in an export. */
export function maskAnswer(field: Pick<FormField, 'kind' | 'sensitive'>, text: string): string {
  if (text === '') return text
  if (field.kind === 'phone') return maskPhone(text)
  if (field.kind === 'idCard') return `${text.slice(0, 4)}**********${text.slice(-4)}`
  return field.sensitive ? '****' : text
}
