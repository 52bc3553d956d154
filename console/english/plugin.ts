import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Plugin } from 'vite'
import { ownKey } from './keyOf.ts'
import { isRewritten } from './places.ts'
import { hasChinese, readTexts } from './texts.ts'

const root = path.resolve(import.meta.dirname, '../..')

/** Puts a lookup before every Chinese text of the console and of what it imports of the contract. */
export function english(): Plugin {
  const catalogue = JSON.parse(readFileSync(path.join(import.meta.dirname, 'en.json'), 'utf8'))
  return {
    name: 'jiyue-english',
    enforce: 'pre',
    transform(code, id) {
      const file = path.relative(root, id.split('?')[0] ?? id)
      if (id.includes('?') || !isRewritten(file) || !hasChinese(code)) return null
      const own = (text: string) => (ownKey(file, text) in catalogue ? file : null)
      const { code: rewritten, map } = readTexts(code, id, own)
      return { code: rewritten, map: map as never }
    },
  }
}
