/** The reference of cached replies: node:http in a process of its own, sending the same bytes. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'

interface Same {
  bytes: number
  headers: Record<string, string>
}

export async function bareServer(
  bytes: number,
  headers: Record<string, string>,
): Promise<{ address: string; stop(): Promise<void> }> {
  const child = fork(fileURLToPath(import.meta.url), ['serve', JSON.stringify({ bytes, headers })])
  const [address] = (await once(child, 'message')) as [string]
  return {
    address,
    async stop() {
      const gone = once(child, 'exit')
      child.kill()
      await gone
    },
  }
}

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
