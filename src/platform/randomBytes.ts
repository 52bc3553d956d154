/**
 * Bytes for fresh ids in a mini-program, whose secure source answers only later. An id has to
 * differ, not to be secret: what is not yours is `not_found`. The engines seed this by themselves.
 */
export function randomBytes(count: number): Uint8Array {
  return Uint8Array.from({ length: count }, () => Math.floor(Math.random() * 256))
}
