/** The least a phone is to the API: one call over a kept connection, and the value or an error. */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import http from 'node:http'
import type { Stage } from './stage.ts'

const agent = new http.Agent({ keepAlive: true, maxSockets: 512 })

/** Sends JSON and answers what came back; anything but 2xx throws. */
export function call<T>(
  method: string,
  url: string,
  { token, body }: { token?: string; body?: unknown } = {},
): Promise<T> {
  const text = body === undefined ? undefined : JSON.stringify(body)
  return new Promise((resolve, reject) => {
    const request = http.request(url, {
      method,
      agent,
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(text && {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(text),
        }),
      },
    })
    request.on('error', reject)
    request.on('response', (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        const said = Buffer.concat(chunks).toString()
        const { statusCode = 0 } = response
        if (statusCode >= 200 && statusCode < 300) resolve((said ? JSON.parse(said) : null) as T)
        else reject(new Error(`${method} ${url}: ${statusCode} ${said.slice(0, 300)}`))
      })
    })
    request.end(text)
  })
}

let tokens: string[] = []
let turn = 0

/** One hold by the next person of the crowd; answers the order. */
export async function holdOnce(stage: Stage, slotId: string): Promise<unknown> {
  if (tokens.length === 0) tokens = readFileSync(stage.tokens, 'utf8').split('\n')
  const token = tokens[turn++ % tokens.length] as string
  const url = `${stage.node.address}/v1/orders/${randomUUID()}`
  return call('PUT', url, { token, body: { slotId, party: 1 } })
}
