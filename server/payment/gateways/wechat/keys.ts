/** WeChat's keys by `Wechatpay-Serial`: public keys, platform certificates, or both at once. */
import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto'

export interface KeyRing {
  /** The key of a serial; null when it is not WeChat's, or no longer. */
  find(serial: string, now: Date): Promise<KeyObject | null>
}

/** Fresh platform certificates, PEM by serial, already proved to be WeChat's; null when none came. */
export type DownloadCertificates = (now: Date) => Promise<Record<string, string> | null>

interface Held {
  key: KeyObject
  /** Until when, ms; public keys do not end. */
  until: number
}

/**
 * Starts with the configured keys. Platform certificates change every few years while old and new
 * are both in use: while one is being used the list is fetched again within `REFRESH_MS`, beside the
 * work; the old ones stay until they expire. An unknown serial is looked up once, and not more often
 * than `QUIET_MS`, so that forged notices cannot make us ask without end. Public key ids are never
 * downloaded, so a merchant without certificates never asks.
 */
export function keyRing(
  configured: Record<string, string>,
  download: DownloadCertificates,
): KeyRing {
  const keys = new Map<string, Held>()
  let asked: { at: number; done: Promise<void> } | null = null
  let refreshedAt = Number.NEGATIVE_INFINITY

  async function find(serial: string, now: Date): Promise<KeyObject | null> {
    const known = valid(serial, now)
    if (!CERTIFICATE_SERIAL.test(serial)) return known
    if (known) {
      if (now.getTime() - refreshedAt >= REFRESH_MS) refresh(now)
      return known
    }
    await refresh(now)
    return valid(serial, now)
  }

  function valid(serial: string, now: Date): KeyObject | null {
    const name = serial.toUpperCase()
    const held = keys.get(name)
    if (held && held.until <= now.getTime()) keys.delete(name)
    return keys.has(name) && held ? held.key : null
  }

  /** At most once in `QUIET_MS`; whoever comes meanwhile waits for the same answer. */
  function refresh(now: Date): Promise<void> {
    if (!asked || now.getTime() - asked.at > QUIET_MS) {
      asked = { at: now.getTime(), done: fetchList(now) }
    }
    return asked.done
  }

  async function fetchList(now: Date): Promise<void> {
    const fresh = await download(now)
    if (!fresh) return
    refreshedAt = now.getTime()
    add(fresh)
  }

  function add(pems: Record<string, string>): void {
    for (const [serial, pem] of Object.entries(pems)) {
      const until = pem.includes('BEGIN CERTIFICATE')
        ? new X509Certificate(pem).validToDate.getTime()
        : Number.POSITIVE_INFINITY
      keys.set(serial.toUpperCase(), { key: createPublicKey(pem), until })
    }
  }

  add(configured)
  return { find }
}

const CERTIFICATE_SERIAL = /^[0-9A-Fa-f]{40}$/
const QUIET_MS = 60_000
/** WeChat asks for less than twelve hours between two looks. */
const REFRESH_MS = 11 * 3_600_000
