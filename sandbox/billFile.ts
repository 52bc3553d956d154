import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** Faults of a bill's file on its way, the same for both platforms (see faultWords.ts). */
export const FILE_FAULTS = ['truncated', 'corrupt', 'garbage', 'huge', 'hugeDeclared', 'expired']

/** More than any merchant would keep in memory for one day. */
export const HUGE_BYTES = 65 * 2 ** 20

/** Sends a bill's file, or what a fault makes of it. */
export function sendBillFile(
  request: FastifyRequest,
  reply: FastifyReply,
  file: Buffer,
  faults: Set<string>,
): FastifyReply {
  if (faults.has('hugeDeclared')) return declareHuge(request, reply, file)
  if (faults.has('huge')) return reply.send(Readable.from(endless(file)))
  return reply.send(spoilt(file, faults))
}

function spoilt(file: Buffer, faults: Set<string>): Buffer {
  if (faults.has('garbage')) return Buffer.from('<html><h1>502 Bad Gateway</h1></html>')
  if (faults.has('truncated')) return file.subarray(0, Math.floor(file.length / 2))
  if (!faults.has('corrupt')) return file
  // Within the first file of an archive, the one that counts, behind its header.
  const start = Math.floor(file.length / 4)
  const copy = Buffer.from(file)
  for (let at = start; at < start + 16 && at < copy.length; at += 1)
    copy[at] = (copy[at] as number) ^ 0xff
  return copy
}

/** The length is promised in the header; the connection breaks long before it is reached. */
function declareHuge(request: FastifyRequest, reply: FastifyReply, file: Buffer): FastifyReply {
  reply.hijack()
  const { socket } = request.raw
  const head = `HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: ${HUGE_BYTES}\r\n\r\n`
  socket.write(head)
  socket.write(file)
  socket.end()
  return reply
}

/** No length is promised, and the file goes on and on after its own end. */
async function* endless(file: Buffer): AsyncGenerator<Buffer> {
  yield file
  const filler = Buffer.alloc(2 ** 20, 0x0a)
  for (let sent = file.length; sent < HUGE_BYTES; sent += filler.length) yield filler
}
