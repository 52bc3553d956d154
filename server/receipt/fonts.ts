/**
 * The receipt's two fonts, opened once a process: opening one anew for each receipt costs 60 ms and
 * its first use 200. Noto Sans SC, some 30,700 characters, SIL Open Font License.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import PDFDocument from 'pdfkit'

/** A font as pdfkit's own reader opened it. */
export interface OpenFont {
  hasGlyphForCodePoint(codePoint: number): boolean
}

export interface Fonts {
  /** All Chinese: each weight with Chinese in it costs 40 KB before its first character. */
  text: OpenFont
  /** Figures and letters only. */
  figures: OpenFont
}

const FOLDER = path.join(
  path.dirname(createRequire(import.meta.url).resolve('@embedpdf/fonts-sc')),
  '../fonts',
)

let opened: Fonts | null = null

export function fonts(): Fonts {
  opened ??= { text: open('Regular'), figures: open('Medium') }
  return opened
}

/** pdfkit takes a font it has opened before as it takes a file; its types do not say so. */
function open(weight: string): OpenFont {
  const document = new PDFDocument({ font: '', autoFirstPage: false })
  document.font(readFileSync(path.join(FOLDER, `NotoSansHans-${weight}.otf`)))
  return (document as unknown as { _font: { font: OpenFont } })._font.font
}

/** Printed for what the font lacks: the mark of Chinese typesetting for a missing character. */
export const MISSING = '〓'

/** No shape of their own: controls, joiners, variation selectors, direction marks, byte order mark. */
const SHAPELESS = /[\p{Cc}\p{Cf}\p{Variation_Selector}]/gu
const graphemes = new Intl.Segmenter('zh', { granularity: 'grapheme' })

/** `text` so that every character of it has a shape: one MISSING for each the font lacks. */
export function printable(text: string, font: OpenFont): string {
  return Array.from(
    graphemes.segment(text.replaceAll('\ufeff', '').replace(/\s+/g, ' ')),
    ({ segment }) => {
      const shown = segment.replace(SHAPELESS, '')
      const isThere = [...shown].every((character) =>
        font.hasGlyphForCodePoint(character.codePointAt(0) ?? 0),
      )
      return isThere ? shown : MISSING
    },
  ).join('')
}
