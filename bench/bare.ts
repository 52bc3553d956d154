/** The reference of cached replies: node:http in a process of its own, sending the same bytes. */
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Forked, forked } from './forked.ts'

interface Same {
  bytes: number
  headers: Record<string, string>
}

export const bareServer = (bytes: number, headers: Record<string, string>): Promise<Forked> =>
  forked(import.meta.filename, ['serve', JSON.stringify({ bytes, headers } satisfies Same)])

function serve({ bytes, headers }: Same): void {
  const body = Buffer.alloc(bytes, 'x')
  // Node writes these two itself, as it does for ours.
  const { connection: _, date: __, ...same } = headers
  const server = http.createServer((_request, response) => {
    response.writeHead(200, same)
    response.end(body)
  })
  server.listen(0, '127.0.0.1', () => {
    process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  })
}

if (process.argv[2] === 'serve') serve(JSON.parse(process.argv[3] ?? '') as Same)
