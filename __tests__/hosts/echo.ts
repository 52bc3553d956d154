/** A little local server that repeats what it was asked, over HTTP and sockets. */
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
import { sendFile } from './browser.ts'

export interface Echo {
  api: string
  /** Method and path of every request that arrived. */
  heard: string[]
  /** Ends all sockets from the server's side. */
  dropSockets(): void
  end(): Promise<void>
}

/**
 * `/v1/status/<n>` answers with that status, `/v1/never` not at all, the rest of `/v1` repeats.
 * With `dist` it serves that H5 front beside it, of the same origin as the product does.
 */
export async function openEcho(dist?: string): Promise<Echo> {
  const heard: string[] = []
  const server = http.createServer(async (request, response) => {
    const { method = '', url = '', headers } = request
    if (dist && !url.startsWith('/v1')) return sendFile(dist, url, response)
    heard.push(`${method} ${url}`)
    let body = ''
    for await (const part of request) body += part
    if (url.startsWith('/v1/never')) return
    const status = Number(/^\/v1\/status\/(\d+)/.exec(url)?.[1] ?? 200)
    if (status === 204) return response.writeHead(204).end()
    if (status === 502) return response.writeHead(502).end('<html>bad gateway</html>')
    response.writeHead(status, { 'content-type': 'application/json' })
    const token = headers.authorization ?? null
    response.end(
      JSON.stringify({ method, url, token, body: body === '' ? null : JSON.parse(body) }),
    )
  })
  const sockets = new WebSocketServer({ server })
  sockets.on('connection', (socket) => {
    socket.on('message', (text) => socket.send(`回声${text}`))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const dropSockets = () => {
    for (const socket of sockets.clients) socket.terminate()
  }
  return {
    api: `http://127.0.0.1:${port}`,
    heard,
    dropSockets,
    async end() {
      dropSockets()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
