/** Reads what our own PDFs show: text by their ToUnicode maps, fonts, filled rectangles. */
import { inflateSync } from 'node:zlib'

export interface Read {
  pages: number
  /** Width and height of the first page, points. */
  size: [number, number]
  /** Everything written, in order, one piece a line. */
  text: string
  fonts: { name: string; embedded: boolean }[]
  /** Glyph numbers written; 0 would be the font's empty box. */
  glyphs: number[]
  /** Filled rectangles from the top left, points. */
  rectangles: { x: number; y: number; width: number; height: number }[]
}

export function readPdf(pdf: Buffer): Read {
  const objects = objectsOf(pdf)
  const source = [...objects.values()].map(({ head }) => head)
  const page = source.find((head) => /\/Type \/Page\b/.test(head)) ?? ''
  const [, , , width, height] = /MediaBox \[(\S+) (\S+) (\S+) (\S+)\]/.exec(page) ?? []
  const content = objects.get(reference(page, 'Contents'))?.stream.toString('latin1') ?? ''
  const resources = objects.get(reference(page, 'Resources'))?.head ?? ''
  const maps = new Map<string, Map<number, string>>()
  const fonts: Read['fonts'] = []
  for (const [, name = '', id] of resources.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
    const font = objects.get(Number(id))?.head ?? ''
    maps.set(name, unicodeOf(objects.get(reference(font, 'ToUnicode'))?.stream.toString() ?? ''))
    const descendant = objects.get(Number(/DescendantFonts \[(\d+)/.exec(font)?.[1]))?.head ?? ''
    const descriptor = objects.get(reference(descendant, 'FontDescriptor'))?.head ?? ''
    const file = objects.get(reference(descriptor, 'FontFile3'))
    fonts.push({ name: /BaseFont \/(\S+)/.exec(font)?.[1] ?? '', embedded: !!file?.stream.length })
  }
  return {
    pages: source.filter((head) => /\/Type \/Page\b/.test(head)).length,
    size: [Number(width), Number(height)],
    fonts,
    ...written(content, maps),
    rectangles: [...content.matchAll(/([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) re\b/g)].map((found) => {
      const [x = 0, y = 0, width = 0, height = 0] = found.slice(1).map(Number)
      return { x, y, width, height }
    }),
  }
}

function objectsOf(pdf: Buffer): Map<number, { head: string; stream: Buffer }> {
  const objects = new Map<number, { head: string; stream: Buffer }>()
  const source = pdf.toString('latin1')
  for (const [, id, body = ''] of source.matchAll(/(?:^|\n)(\d+) 0 obj\n([\s\S]*?)\nendobj/g)) {
    const at = body.indexOf('stream\n')
    const head = (at < 0 ? body : body.slice(0, at)).replaceAll('\n', ' ')
    const end = body.lastIndexOf('\nendstream')
    const bytes = at < 0 ? Buffer.alloc(0) : Buffer.from(body.slice(at + 7, end), 'latin1')
    const stream = head.includes('FlateDecode') ? inflateSync(bytes) : bytes
    objects.set(Number(id), { head, stream })
  }
  return objects
}

const reference = (head: string, key: string) =>
  Number(new RegExp(`/${key} (\\d+) 0 R`).exec(head)?.[1] ?? -1)

function unicodeOf(map: string): Map<number, string> {
  const unicode = new Map<number, string>()
  for (const [, from = '', list = ''] of map.matchAll(/<(\w+)> <\w+> \[([^\]]*)\]/g)) {
    const texts = [...list.matchAll(/<([^>]*)>/g)]
    for (const [index, [, units = '']] of texts.entries()) {
      const codes = units.split(' ').map((unit) => Number.parseInt(unit, 16))
      unicode.set(Number.parseInt(from, 16) + index, String.fromCharCode(...codes))
    }
  }
  return unicode
}

function written(content: string, maps: Map<string, Map<number, string>>) {
  const glyphs: number[] = []
  const lines: string[] = []
  for (const [, font = '', , shown = ''] of content.matchAll(
    /\/(F\d+) (\S+) Tf\n\[([^\]]*)\] TJ/g,
  )) {
    let line = ''
    for (const [, hex = ''] of shown.matchAll(/<([0-9a-f]+)>/g)) {
      for (let at = 0; at < hex.length; at += 4) {
        const glyph = Number.parseInt(hex.slice(at, at + 4), 16)
        glyphs.push(glyph)
        line += maps.get(font)?.get(glyph) ?? '?'
      }
    }
    lines.push(line)
  }
  return { glyphs, text: lines.join('\n') }
}
