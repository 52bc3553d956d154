/** A "no" as a value inside the server; `serve` turns it into the wire's envelope. */
import type { FieldRefusal, RefusalCode } from '@jiyue/contract/refusals'

export interface Refused {
  refused: RefusalCode
  fields?: FieldRefusal[]
}

export function refuse(code: RefusalCode, fields?: FieldRefusal[]): Refused {
  return fields ? { refused: code, fields } : { refused: code }
}

export function isRefused(value: unknown): value is Refused {
  return typeof value === 'object' && value !== null && 'refused' in value
}
