/** Stands before the sandbox: hands everything on, and can keep an answer for itself. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Front {
  /** Begins to listen before `upstream`; answers its own address. */
  open(upstream: string): Promise<string>
  /**
   * The next answer to a request whose method and address fit is never handed on: when the provider
   * has done its work, `then` happens, and the connection breaks. Resolves when that is over.
   */
  strike(fits: RegExp, then: () => Promise<unknown>): Promise<void>
  close(): Promise<void>
}

export function makeFront(): Front {
  let base = ''
  let armed: { fits: RegExp; then: () => Promise<unknown>; done: () => void } | null = null
  const server = createServer((request, response) => {
    hand(request, response).catch((error: Error) => response.destroy(error))
  })

  async function hand(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/' } = request
    const answer = await fetch(base + url, {
      method,
      headers: headersOf(request),
      redirect: 'manual',
      ...(method !== 'GET' && { body: await bodyOf(request) }),
    })
    const body = Buffer.from(await answer.arrayBuffer())
    const struck = armed?.fits.test(`${method} ${url}`) ? armed : null
    if (struck) {
      armed = null
      await struck.then()
      response.destroy()
      return struck.done()
    }
    const headers = Object.fromEntries(answer.headers)
    for (const name of HOP_BY_HOP) delete headers[name]
    response.writeHead(answer.status, headers).end(body)
  }

  return {
    async open(upstream) {
      base = upstream
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    },
    strike: (fits, then) =>
      new Promise((done) => {
        armed = { fits, then, done }
      }),
    close: () => new Promise((done) => void server.close(() => done()).closeAllConnections()),
  }
}

const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-encoding',
  'content-length',
]

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  const sent = Object.entries(headers).filter(([name]) => ![...HOP_BY_HOP, 'host'].includes(name))
  return Object.fromEntries(sent.map(([name, value]) => [name, String(value)]))
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return new Uint8Array(Buffer.concat(chunks))
}
