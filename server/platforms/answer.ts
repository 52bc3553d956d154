/**
 * What a platform's wire answers. An expected "no" is a value, never an exception.
 *
 * `refused`: the platform said no, nothing happened by this call. `unknown`: no answer, or none that
 * can be believed (timeout, 5xx, bad signature, rate limit): ask later, never assume. `code` is the
 * platform's own, or one of ours in lower case; `message` is for operators, not for users.
 */
export type Answer<T> =
  | { ok: true; value: T }
  | { ok: false; kind: 'refused' | 'unknown'; code: string; message: string }

export type No = Extract<Answer<never>, { ok: false }>

export function yes<T>(value: T): { ok: true; value: T } {
  return { ok: true, value }
}

export function refused(code: string, message: string): No {
  return { ok: false, kind: 'refused', code, message }
}

export function unknown(code: string, message: string): No {
  return { ok: false, kind: 'unknown', code, message }
}
