/** A "no" as a value inside the server; `serve` turns it into the wire's envelope. */
import type { FieldRefusal, RefusalCode } from '@jiyue/contract/refusals'

export interface Refused {
  refused: RefusalCode
  fields?: FieldRefusal[]
}

export function refuse(code: RefusalCode, fields?: FieldRefusal[]): Refused {
  return fields ? { refused: code, fields } : { refused: code }
}

/** A "no" to one field, with its sentence. `path` as the form names it. */
export function refuseField(path: string, message: string): Refused {
  return refuse('invalid_fields', [{ path, code: 'invalid', message }])
}

export function isRefused(value: unknown): value is Refused {
  return typeof value === 'object' && value !== null && 'refused' in value
}

/** Thrown in a transaction for a "no" that comes after something was written: all of it goes back. */
export class Undone extends Error {
  readonly refusal: Refused
  constructor(refusal: Refused) {
    super(refusal.refused)
    this.refusal = refusal
  }
}
