/** What people agree to about their data (X11), written down with the text's own hash. */
import { createHash } from 'node:crypto'
import { privacyText } from '@jiyue/contract/privacy'

/** SHA-256 of a privacy text, hexadecimal; throws where there is no such text. */
export function digestOf(version: number): string {
  const text = privacyText(version)
  if (text === null) throw new Error(`there is no privacy text ${version}`)
  return createHash('sha256').update(text).digest('hex')
}
