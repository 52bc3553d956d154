/**
 * What a picture looks like, in two sizes. `lookOf`: 64 bits (a difference hash), compared in SQL,
 * finds the few that could be the same picture. Screenshots of one wallet all look alike at that size
 * (measured: 97 of 100 pairs of different bills are within 6 bits), so `isAlike` looks closer: block
 * by block, how much of what is drawn on one is drawn on the other (decisions/009). Its loops are plain: half a
 * million points a pair.
 */
import sharp from 'sharp'

/** 16 hex digits: a bit is set where a ninth of a row is darker than its right neighbour. */
export async function lookOf(jpeg: Buffer): Promise<string> {
  const { data } = await sharp(jpeg)
    .greyscale()
    .resize(9, 8, { fit: 'fill' })
    .raw()
    .toBuffer({ resolveWithObject: true })
  let bits = 0n
  for (let y = 0; y < 8; y++) {
    for (let x = 0; x < 8; x++) {
      const at = y * 9 + x
      bits = (bits << 1n) | ((data[at] ?? 0) < (data[at + 1] ?? 0) ? 1n : 0n)
    }
  }
  return bits.toString(16).padStart(16, '0')
}

/** Bits two looks may differ in and still be looked at closely: copies cut off at the top differ in 12. */
export const LOOK_DISTANCE = 12

/** A picture in grey, `WIDTH` wide, one byte a pixel. */
export interface Grey {
  data: Uint8Array
  height: number
}

/** At this width a digit of a bill is some 10 pixels wide: enough to tell it from another. */
const WIDTH = 480
/** Side of a block, pixels: about one character. */
const BLOCK = 16
/** A block with a smaller deviation is paper. */
const PAPER = 20
/** Blocks that correlate less than this show something else. */
const SAME = 0.8
/**
 * Share of inked blocks that may show something else. Measured on drawn wallet bills: 0 for copies
 * at half the size or worse quality, up to 0.12 where the amount was painted over, from 0.22 on
 * between two honest bills.
 */
const CHANGED = 0.15
/** Rows by which one may be cut off at the top: a status bar, and some. */
const SHIFT = 96

export async function greyOf(jpeg: Buffer): Promise<Grey> {
  const { data, info } = await sharp(jpeg)
    .greyscale()
    .resize(WIDTH)
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { data, height: info.height }
}

/** True when two pictures show the same, but for a few characters, cut off or not. */
export function isAlike(one: Grey, other: Grey): boolean {
  return isAlikeAt(one, other, 0) || isAlikeAt(one, other, shiftOf(one, other))
}

/** `shift`: rows that `one` has more at its top. */
function isAlikeAt(one: Grey, other: Grey, shift: number): boolean {
  const [a, b] = [rows(one, shift), rows(other, -shift)]
  const height = Math.min(a.length, b.length) / WIDTH
  if (height < Math.max(one.height, other.height) / 2) return false
  let inked = 0
  let changed = 0
  for (let y = 0; y + BLOCK <= height; y += BLOCK) {
    for (let x = 0; x + BLOCK <= WIDTH; x += BLOCK) {
      const same = correlation(a, b, y * WIDTH + x)
      if (same === null) continue
      inked++
      if (same < SAME) changed++
    }
  }
  // Blank pages are no evidence of anything.
  return inked > 0 && changed / inked <= CHANGED
}

/** The rows from `from` on; all of them when it is negative. */
function rows({ data }: Grey, from: number): Uint8Array {
  return from > 0 ? data.subarray(from * WIDTH) : data
}

/** Rows by which `one` has more at its top than `other`, where their rows fit best. */
function shiftOf(one: Grey, other: Grey): number {
  const [a, b] = [inkOfRows(one), inkOfRows(other)]
  let best = { shift: 0, off: Number.POSITIVE_INFINITY }
  for (let shift = -SHIFT; shift <= SHIFT; shift++) {
    const from = Math.max(0, -shift)
    const to = Math.min(b.length, a.length - shift)
    if (to - from < b.length / 2) continue
    let off = 0
    for (let y = from; y < to; y++) {
      const differs = (a[y + shift] ?? 0) - (b[y] ?? 0)
      off += differs < 0 ? -differs : differs
    }
    off /= to - from
    // As good a fit without shifting wins: most copies are not cut off.
    if (off < best.off || (off === best.off && Math.abs(shift) < Math.abs(best.shift))) {
      best = { shift, off }
    }
  }
  return best.shift
}

/** How much is going on in each row. */
function inkOfRows({ data, height }: Grey): Float64Array {
  const ink = new Float64Array(height)
  for (let y = 0; y < height; y++) {
    let sum = 0
    for (let x = 1; x < WIDTH; x++) {
      const at = y * WIDTH + x
      const step = (data[at] ?? 0) - (data[at - 1] ?? 0)
      sum += step < 0 ? -step : step
    }
    ink[y] = sum
  }
  return ink
}

/** Correlation of the blocks that begin at `at`, 1 for the same; null where both are paper. */
function correlation(a: Uint8Array, b: Uint8Array, at: number): number | null {
  const n = BLOCK * BLOCK
  let sa = 0
  let sb = 0
  let aa = 0
  let bb = 0
  let ab = 0
  for (let y = 0; y < BLOCK; y++) {
    for (let x = 0; x < BLOCK; x++) {
      const i = at + y * WIDTH + x
      const p = a[i] ?? 0
      const q = b[i] ?? 0
      sa += p
      sb += q
      aa += p * p
      bb += q * q
      ab += p * q
    }
  }
  const va = aa / n - (sa / n) ** 2
  const vb = bb / n - (sb / n) ** 2
  if (Math.max(va, vb) < PAPER ** 2) return null
  return (ab / n - (sa / n) * (sb / n)) / Math.sqrt(Math.max(va, 1) * Math.max(vb, 1))
}
