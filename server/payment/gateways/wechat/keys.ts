/** WeChat's keys by `Wechatpay-Serial`: public keys, platform certificates, or both at once. */
import { createPublicKey, type KeyObject } from 'node:crypto'

export interface KeyRing {
  /** The key of a serial; null when it is not WeChat's. */
  find(serial: string, now: Date): Promise<KeyObject | null>
}

/** Fresh platform certificates, PEM by serial, already proved to be WeChat's; null when none came. */
export type DownloadCertificates = (now: Date) => Promise<Record<string, string> | null>

/**
 * Starts with the configured keys. Platform certificates change every few years while old and new
 * are both in use; an unknown serial is looked up once, and not more often than `QUIET_MS`, so that
 * forged notices cannot make us ask without end. Public key ids are never downloaded.
 */
export function keyRing(
  configured: Record<string, string>,
  download: DownloadCertificates,
): KeyRing {
  const keys = new Map<string, KeyObject>()
  let asked: { at: number; done: Promise<void> } | null = null

  async function find(serial: string, now: Date): Promise<KeyObject | null> {
    const known = keys.get(serial.toUpperCase())
    if (known || !/^[0-9A-Fa-f]{40}$/.test(serial)) return known ?? null
    if (!asked || now.getTime() - asked.at > QUIET_MS) {
      asked = { at: now.getTime(), done: download(now).then((fresh) => add(fresh ?? {})) }
    }
    await asked.done
    return keys.get(serial.toUpperCase()) ?? null
  }

  function add(pems: Record<string, string>): void {
    for (const [serial, pem] of Object.entries(pems)) {
      keys.set(serial.toUpperCase(), createPublicKey(pem))
    }
  }

  add(configured)
  return { find }
}

const QUIET_MS = 60_000
