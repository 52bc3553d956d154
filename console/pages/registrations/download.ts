/** Fetches a file that the server makes while it is sent, telling how much of it is here. */
import type { RefusalBody } from '@jiyue/contract/refusals'
import { translated } from '../../english/text.ts'
import { token } from '../../session.ts'

export interface Downloading {
  /** Bytes that came so far. */
  came: (bytes: number) => void
  signal: AbortSignal
}

/** Hands the file to the browser under `name`. Throws with the server's sentence, or when it broke. */
export async function download(path: string, name: string, { came, signal }: Downloading) {
  const answer = await fetch(path, {
    signal,
    headers: { authorization: `Bearer ${token() ?? ''}` },
  })
  if (!answer.ok || !answer.body) throw new Error(await sentenceOf(answer))
  const chunks: Uint8Array<ArrayBuffer>[] = []
  let bytes = 0
  const reader = answer.body.getReader()
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    chunks.push(read.value)
    bytes += read.value.byteLength
    came(bytes)
  }
  const url = URL.createObjectURL(
    new Blob(chunks, { type: answer.headers.get('content-type') ?? '' }),
  )
  const link = Object.assign(document.createElement('a'), { href: url, download: name })
  link.click()
  // Safari reads it after the click has returned.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

async function sentenceOf(answer: Response): Promise<string> {
  const body = (await answer.json().catch(() => null)) as RefusalBody | null
  return body ? translated(body.error.message) : '导出没有完成，请重试'
}
