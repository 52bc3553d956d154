import { crc32, deflateRawSync } from 'node:zlib'
import { encodeGbk } from './gbk.ts'

/**
 * A ZIP archive whose names are GBK without the UTF-8 flag, as Alipay packs its bills: a reader that
 * takes the names for UTF-8 or CP437 gets them wrong, here as there.
 */
export function zip(files: { name: string; content: Buffer }[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, content } of files) {
    const title = encodeGbk(name)
    const packed = deflateRawSync(content)
    const shape = common(content, packed.length, title.length)
    const local = Buffer.concat([bytes([0x04034b50, 4]), shape, title, packed])
    parts.push(local)
    directory.push(
      bytes([0x02014b50, 4], [20, 2]),
      shape,
      bytes([0, 2], [0, 2], [0, 2], [0, 4], [offset, 4]),
      title,
    )
    offset += local.length
  }
  const listing = Buffer.concat(directory)
  const count = files.length
  const end = bytes([0x06054b50, 4], [0, 2], [0, 2], [count, 2], [count, 2])
  return Buffer.concat([...parts, listing, end, bytes([listing.length, 4], [offset, 4], [0, 2])])
}

/** The part that a file's own header and its entry in the directory share. */
function common(content: Buffer, packedLength: number, nameLength: number): Buffer {
  const sizes: [number, number][] = [
    [crc32(content), 4],
    [packedLength, 4],
    [content.length, 4],
  ]
  // Version 2.0, no flags, deflated, 1 January 2026 00:00.
  return bytes([20, 2], [0, 2], [8, 2], [0, 2], [0x5c21, 2], ...sizes, [nameLength, 2], [0, 2])
}

/** Little-endian numbers of the sizes given. */
function bytes(...fields: [value: number, size: number][]): Buffer {
  const all = fields.map(([value, size]) => {
    const field = Buffer.alloc(size)
    field.writeUIntLE(value, 0, size)
    return field
  })
  return Buffer.concat(all)
}
