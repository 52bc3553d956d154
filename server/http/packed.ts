/** A reply as ready bytes: written and compressed once, sent many times. */
import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'

export interface Packed {
  packed: true
  etag: string
  body: Buffer
  gzip: Buffer
  br: Buffer
}

const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }

/** Packs a reply. The tag is of what it says, not of when (`now`): the same again is known. */
export async function pack(value: object): Promise<Packed> {
  const { now: _, ...said } = value as { now?: unknown }
  const digest = createHash('sha1').update(JSON.stringify(said)).digest('base64url')
  const body = Buffer.from(JSON.stringify(value))
  const [zipped, br] = await Promise.all([
    promisify(gzip)(body),
    promisify(brotliCompress)(body, quality),
  ])
  return { packed: true, etag: `"${digest}"`, body, gzip: zipped, br }
}

export function isPacked(value: object): value is Packed {
  return 'packed' in value && value.packed === true
}

/** Sends the bytes the caller can read; nothing but a 304 to who has them already. */
export function sendPacked(request: FastifyRequest, reply: FastifyReply, it: Packed) {
  reply
    .header('etag', it.etag)
    .header('cache-control', 'no-cache')
    .header('vary', 'accept-encoding')
  if (request.headers['if-none-match'] === it.etag) return reply.code(304).send()
  reply.type('application/json; charset=utf-8')
  const accepted = request.headers['accept-encoding'] ?? ''
  for (const encoding of ['br', 'gzip'] as const) {
    if (accepts(accepted, encoding)) {
      return reply.header('content-encoding', encoding).send(it[encoding])
    }
  }
  return reply.send(it.body)
}

/** `gzip, br;q=0` accepts gzip alone. */
function accepts(header: string, encoding: string): boolean {
  return header.split(',').some((one) => {
    const [name, q] = one.trim().split(';')
    return name === encoding && !/^\s*q=0(\.0*)?$/.test(q ?? '')
  })
}
