import { createHash } from 'node:crypto'

/** Always the same for the same name: one row for what WeChat has one of, whoever hears of it first. */
export function uuidOf(name: string): string {
  const hex = createHash('sha256').update(`wechat ${name}`).digest('hex')
  const [a, b, c, d] = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(13, 16), hex.slice(17, 20)]
  return `${a}-${b}-8${c}-a${d}-${hex.slice(20, 32)}`
}
