import { createHash } from 'node:crypto'

/** The same name has the same id on every machine, so that tests and links can name things. */
export function demoId(name: string): string {
  const hex = createHash('sha256').update(`jiyue demo ${name}`).digest('hex')
  const variant = ((Number.parseInt(hex[16] ?? '0', 16) & 3) | 8).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
