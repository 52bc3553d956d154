/**
 * Draws the tab bar's icons into src/tabs (mini-programs take only local bitmap files):
 * `node config/tabIcons.mts`. Run it again after a change of the tokens' colours.
 *
 * Each icon is a signed distance function on an 81 × 81 grid: negative inside the ink.
 */
import fs from 'node:fs'
import path from 'node:path'
import zlib from 'node:zlib'

const SIZE = 81
const STROKE = 5
const tokens = fs.readFileSync(path.join(import.meta.dirname, '../src/tokens.scss'), 'utf8')
const colours = { '': token('ink-faint'), '-on': token('primary') }

/** A distance to the ink in pixels at a point. */
type Shape = (x: number, y: number) => number

const icons: Record<string, Shape> = {
  home: any(
    line([12, 40], [40, 15]),
    line([40, 15], [69, 40]),
    line([21, 34], [21, 66]),
    line([60, 34], [60, 66]),
    line([21, 66], [60, 66]),
    line([40, 50], [40, 66]),
  ),
  orders: any(
    line([20, 13], [61, 13]),
    line([20, 13], [20, 68]),
    line([61, 13], [61, 68]),
    line([20, 68], [61, 68]),
    line([32, 30], [49, 30]),
    line([32, 43], [49, 43]),
  ),
  me: any(ring([40, 27], 14), arch([40, 70], 28, 66)),
}

function main(): void {
  const folder = path.join(import.meta.dirname, '../src/tabs')
  for (const [name, shape] of Object.entries(icons)) {
    for (const [suffix, colour] of Object.entries(colours)) {
      fs.writeFileSync(path.join(folder, `${name}${suffix}.png`), png(shape, colour))
    }
  }
}

type Point = [number, number]

function any(...shapes: Shape[]): Shape {
  return (x, y) => Math.min(...shapes.map((shape) => shape(x, y)))
}

function line([ax, ay]: Point, [bx, by]: Point): Shape {
  const [dx, dy] = [bx - ax, by - ay]
  return (x, y) => {
    const along = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)
    const t = Math.min(1, Math.max(0, along))
    return Math.hypot(x - ax - t * dx, y - ay - t * dy) - STROKE / 2
  }
}

function ring([cx, cy]: Point, radius: number): Shape {
  return (x, y) => Math.abs(Math.hypot(x - cx, y - cy) - radius) - STROKE / 2
}

/** The upper part of a ring, closed by a floor: shoulders. */
function arch([cx, cy]: Point, radius: number, floor: number): Shape {
  const half = Math.sqrt(radius * radius - (cy - floor) ** 2)
  const base = line([cx - half, floor], [cx + half, floor])
  const circle = ring([cx, cy], radius)
  return (x, y) => Math.min(y > floor ? Number.POSITIVE_INFINITY : circle(x, y), base(x, y))
}

function png(shape: Shape, [r, g, b]: number[]): Buffer {
  const rows: number[] = []
  for (let y = 0; y < SIZE; y++) {
    rows.push(0)
    for (let x = 0; x < SIZE; x++) {
      // Half a pixel of softness on each side of the edge is the anti-aliasing.
      const cover = Math.min(1, Math.max(0, 0.5 - shape(x + 0.5, y + 0.5)))
      rows.push(r ?? 0, g ?? 0, b ?? 0, Math.round(cover * 255))
    }
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(SIZE, 0)
  head.writeUInt32BE(SIZE, 4)
  head.set([8, 6, 0, 0, 0], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk('IDAT', zlib.deflateSync(Buffer.from(rows), { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(zlib.crc32(body))
  return Buffer.concat([length, body, sum])
}

function token(name: string): number[] {
  const hex = new RegExp(`\\$${name}: #([0-9a-f]{6});`).exec(tokens)?.[1]
  if (!hex) throw new Error(`src/tokens.scss has no colour $${name}`)
  return [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16))
}

main()
