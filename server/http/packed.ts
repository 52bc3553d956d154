/** A reply as ready bytes: written and compressed once, sent many times. */
import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'

export interface Packed {
  packed: true
  etag: string
  body: Buffer
  gzip: Buffer
  br: Buffer
  /** Would who keeps it still give it out? */
  isFresh(): boolean
}

const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }

/**
 * Packs a reply. The tag is of what it says, not of when (`now`): the same again is known. `isFresh` is
 * asked with what was packed.
 */
export async function pack(value: object, isFresh: (it: Packed) => boolean): Promise<Packed> {
  const { now: _, ...said } = value as { now?: unknown }
  const digest = createHash('sha1').update(JSON.stringify(said)).digest('base64url')
  const body = Buffer.from(JSON.stringify(value))
  const [zipped, br] = await Promise.all([
    promisify(gzip)(body),
    promisify(brotliCompress)(body, quality),
  ])
  const it: Packed = {
    packed: true,
    etag: `"${digest}"`,
    body,
    gzip: zipped,
    br,
    isFresh: () => isFresh(it),
  }
  return it
}

export function isPacked(value: object): value is Packed {
  return 'packed' in value && value.packed === true
}

export interface Chosen {
  status: 200 | 304
  headers: Record<string, string | number>
  body?: Buffer
}

/** What of a reply a caller gets: the bytes they can read, or nothing but a 304 who has them already. */
export function chosenOf(it: Packed, asked: IncomingHttpHeaders): Chosen {
  const headers = { etag: it.etag, 'cache-control': 'no-cache', vary: 'accept-encoding' }
  if (asked['if-none-match'] === it.etag) return { status: 304, headers }
  const accepted = asked['accept-encoding'] ?? ''
  const encoding = (['br', 'gzip'] as const).find((one) => accepts(accepted, one))
  const body = encoding ? it[encoding] : it.body
  return {
    status: 200,
    headers: {
      ...headers,
      'content-type': 'application/json; charset=utf-8',
      ...(encoding && { 'content-encoding': encoding }),
      'content-length': body.length,
    },
    body,
  }
}

export function sendPacked(request: FastifyRequest, reply: FastifyReply, it: Packed): FastifyReply {
  const { status, headers, body } = chosenOf(it, request.headers)
  return reply.code(status).headers(headers).send(body)
}

/** `gzip, br;q=0` accepts gzip alone. */
function accepts(header: string, encoding: string): boolean {
  return header.split(',').some((one) => {
    const [name, q] = one.trim().split(';')
    return name === encoding && !/^\s*q=0(\.0*)?$/.test(q ?? '')
  })
}
