import type { Field } from './field.ts'
import { compact } from './typed.ts'

/** An address that mail servers of today take; the domain is kept in lower case. */
export const email: Field<string> = {
  kind: 'email',
  label: '邮箱',
  asks: '请填写',
  empty: '',
  normalise: normaliseEmail,
  check: (value) => (isEmail(value) ? null : { code: 'invalid', message: '请输入正确邮箱地址' }),
  show: (value) => value,
}

/** A Chinese keyboard's 。 is the dot the person meant. */
export function normaliseEmail(raw: unknown): string {
  const typed = compact(raw).replace(/[\u3002\uff61]/g, '.')
  const at = typed.lastIndexOf('@')
  return at < 0 ? typed : typed.slice(0, at) + typed.slice(at).toLowerCase()
}

/** Dot-atom local part ≤ 64, host name with a top-level domain of letters, ≤ 254 in all. */
export function isEmail(text: string): boolean {
  const at = text.lastIndexOf('@')
  return (
    text.length <= 254 && at <= 64 && LOCAL.test(text.slice(0, at)) && HOST.test(text.slice(at + 1))
  )
}

const LOCAL = /^[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*$/
const HOST = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/
