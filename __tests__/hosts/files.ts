/** Pictures and documents of a host: temporary files that only their names lead to. */
import type { Call, Device } from './device.ts'

/** A host's words for these calls, as far as they differ. */
export interface FileWords {
  /** Prefix of temporary names: `wxfile://tmp/`. */
  prefix: string
  ok(call: Call, name: string, result?: object): void
  no(call: Call, name: string, why: string): void
}

/** Lets the person pick a picture; answers its temporary name and size, or null. */
export function pickPicture(device: Device, prefix: string): { path: string; size: number } | null {
  const bytes = device.onChoosePicture?.() ?? null
  if (!bytes) return null
  return { path: keepFile(device, prefix, bytes, 'jpg'), size: bytes.length }
}

export function keepFile(device: Device, prefix: string, bytes: Buffer, ending: string): string {
  const path = `${prefix}${device.files.size + 1}.${ending}`
  device.files.set(path, bytes)
  return path
}

/** `getFileSystemManager()`: reading whole files as base64 is all the product does. */
export function fileSystem(device: Device, { ok, no }: FileWords): object {
  const { realm, files } = device
  return Object.assign(realm.inside({}), {
    readFile: (call: Call) => {
      const bytes = files.get(String(call.filePath))
      if (!bytes) return no(call, 'readFile', 'no such file')
      if (call.encoding !== 'base64') return no(call, 'readFile', 'encoding')
      ok(call, 'readFile', { data: bytes.toString('base64') })
    },
  })
}

/** Fetches into a temporary file; `done` gets the status and its name. */
export function fetchFile(
  device: Device,
  call: Call,
  prefix: string,
  done: (status: number, path: string) => void,
  lost: () => void,
): void {
  device.gate.ask(
    { url: String(call.url), method: 'GET', headers: {}, body: null, timeoutMs: 60_000 },
    (result) => {
      if (typeof result === 'string') return lost()
      done(result.status, keepFile(device, prefix, result.bytes, 'tmp'))
    },
  )
}

/** Shows a document; hosts look at the type they are told, not at the bytes. */
export function showDocument(device: Device, call: Call, { ok, no }: FileWords): void {
  const bytes = device.files.get(String(call.filePath))
  if (bytes) {
    device.onOpenDocument?.({ bytes, type: String(call.fileType) })
    ok(call, 'openDocument')
  } else no(call, 'openDocument', 'file not found')
}
