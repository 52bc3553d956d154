/** H5 in a real browser: Chromium, and a server of compiled files as the API serves them. */
import fs from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import zlib from 'node:zlib'
import { type Browser, chromium } from 'playwright-core'
import { findChromium } from '../../deploy/start/chromium.ts'
import { tellScreens } from '../screens.ts'

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.png': 'image/png',
}

/** How long a page is waited for: on a busy machine everything comes, only late. */
export const PATIENCE_MS = 90_000

/** The browser of all pages' tests; a test that fails says what its pages showed. */
export async function openChromium(): Promise<Browser> {
  const executablePath = findChromium()
  if (!executablePath) throw new Error('No Chromium here: `npm test` installs one')
  const args = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage']
  const browser = await chromium.launch({ executablePath, args })
  tellScreens(browser)
  return browser
}

export interface Served {
  url: string
  /** Compressed bytes of scripts, styles and pages sent so far. */
  sentBytes(): number
  end(): Promise<void>
}

/** Serves a folder, gzipped; a path without a file is the single page's. `/v1` is not here. */
export async function serveFolder(dist: string): Promise<Served> {
  let sent = 0
  const server = http.createServer((request, response) => {
    if (request.url?.startsWith('/v1')) return response.writeHead(503).end()
    sent += sendFile(dist, request.url ?? '/', response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    sentBytes: () => sent,
    async end() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Sends one file of a built H5 front; the answer is how many bytes left. */
export function sendFile(dist: string, url: string, response: http.ServerResponse): number {
  const asked = path.join(dist, path.normalize(decodeURIComponent(url.split('?')[0] ?? '')))
  const known = fs.existsSync(asked) && fs.statSync(asked).isFile()
  const file = known ? asked : path.join(dist, 'index.html')
  const body = zlib.gzipSync(fs.readFileSync(file))
  const type = TYPES[path.extname(file)] ?? 'application/octet-stream'
  response.writeHead(200, { 'content-type': type, 'content-encoding': 'gzip' }).end(body)
  return body.length
}
