/**
 * Drawing a picture anew: what is kept of a file somebody sent are its pixels, nothing else. Types
 * are told by the first bytes, never by a name; only three decoders ever run (decisions/009).
 */
import { createHash } from 'node:crypto'
import { pictureBytes, type pictureTypes } from '@jiyue/contract/proof'
import sharp, { type Sharp } from 'sharp'
import { lookOf } from './look.ts'

/** Longest side kept: a phone's screenshot stays readable, at some 150 KB. */
const LONGEST = 1600
/** Of a service's photos: what a list shows on a phone, and what fills its screen. */
const THUMB = [320, 240] as const
const LARGE = [1280, 960] as const
/** Side of a portrait: three times what a phone shows. */
const PORTRAIT = 320
/**
 * The most pixels a file may unfold to: a 40-megapixel photo, at worst 320 MB while it is drawn
 * (interlaced PNG of 16 bits). 50-megapixel modes write files over 5 MB anyway.
 */
const MOST_PIXELS = 40_000_000
/** Seconds after which drawing is given up; an honest picture takes a tenth of one. */
const SECONDS = 10

// One thread a picture (two at once, turns.ts): drawing shares libuv's four with passwords and files.
sharp.concurrency(1)
sharp.cache(false)
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({
  operation: ['VipsForeignLoadJpeg', 'VipsForeignLoadPng', 'VipsForeignLoadWebp'],
})

export interface Drawn {
  /** A JPEG without metadata, on white, sRGB, upright. */
  bytes: Buffer
  width: number
  height: number
  /** SHA-256 of the file as it was sent, hex. */
  digest: string
  /** look.ts, of what was drawn. */
  look: string
}

/** Draws the file anew. Throws when it is no whole, still JPEG, PNG or WebP of at most 5 MB. */
export async function drawAnew(file: Buffer): Promise<Drawn> {
  const picture = await open(file)
  const { data, info } = await drawn(
    picture.resize(LONGEST, LONGEST, { fit: 'inside', withoutEnlargement: true }),
  )
  return {
    bytes: data,
    width: info.width,
    height: info.height,
    digest: digestOf(file),
    look: await lookOf(data),
  }
}

/** A square of the face, as far as it can be told: some 20 KB of JPEG. Throws as `drawAnew` does. */
export async function drawPortrait(file: Buffer): Promise<Buffer> {
  const picture = await open(file)
  const { data } = await drawn(
    picture.resize(PORTRAIT, PORTRAIT, { fit: 'cover', position: sharp.strategy.attention }),
  )
  return data
}

export interface ServicePhoto {
  thumb: Buffer
  large: Buffer
}

/**
 * A photo of a service in the shape its card has: the thumbnail some 15 KB, the large one some 150 KB,
 * both cut to 4:3. Throws as `drawAnew` does.
 */
export async function drawPhoto(file: Buffer): Promise<ServicePhoto> {
  const picture = await open(file)
  const cut = ([width, height]: readonly [number, number]) =>
    drawn(
      picture.clone().resize(width, height, { fit: 'cover', position: sharp.strategy.attention }),
    )
  const [thumb, large] = [await cut(THUMB), await cut(LARGE)]
  return { thumb: thumb.data, large: large.data }
}

/** The picture upright, not drawn yet. */
async function open(file: Buffer): Promise<Sharp> {
  if (file.length > pictureBytes) throw new Error(`${file.length} bytes are too many`)
  const type = typeOf(file)
  if (!type) throw new Error('neither JPEG, PNG nor WebP')
  const picture = sharp(file, { failOn: 'error', limitInputPixels: MOST_PIXELS })
  const { format, pages = 1 } = await picture.metadata()
  if (`image/${format}` !== type) throw new Error(`begins as ${type} and is ${format}`)
  if (pages > 1 || isAnimated(file)) throw new Error('moves')
  return picture.autoOrient()
}

/** A JPEG on white, without what was not drawn. */
function drawn(picture: Sharp) {
  return picture
    .flatten({ background: '#fff' })
    .toColourspace('srgb')
    .jpeg({ quality: 80 })
    .timeout({ seconds: SECONDS })
    .toBuffer({ resolveWithObject: true })
}

/** SHA-256 of a file, hex: the same file again. */
export function digestOf(file: Buffer): string {
  return createHash('sha256').update(file).digest('hex')
}

/** What the first bytes say. */
function typeOf(file: Buffer): (typeof pictureTypes)[number] | null {
  const begins = file.subarray(0, 12).toString('latin1')
  if (begins.startsWith('\xff\xd8\xff')) return 'image/jpeg'
  if (begins.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png'
  if (begins.startsWith('RIFF') && begins.endsWith('WEBP')) return 'image/webp'
  return null
}

/** An animated PNG says so before its first pixels; the decoder would show its first frame only. */
function isAnimated(file: Buffer): boolean {
  const pixels = file.indexOf('IDAT')
  return pixels > 0 && file.subarray(0, pixels).includes('acTL') && typeOf(file) === 'image/png'
}
