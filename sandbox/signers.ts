import { generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'
import type { Clock } from './clock.ts'
import type { Credentials } from './credentials.ts'
import type { Keys } from './keys.ts'
import { digits } from './numbers.ts'
import { makeRandom } from './random.ts'
import type { Store } from './store.ts'
import type { Settings } from './world.ts'
import { selfSign } from './x509.ts'

/** One of WeChat Pay's own keys. `id` is what Wechatpay-Serial names: a key id or a serial. */
export type Signer = {
  id: string
  kind: 'publicKey' | 'certificate'
  privateKey: string
  publicKey: string
  /** Only a certificate has one. PEM. */
  certificate?: string
}

/**
 * WeChat Pay's keys: the two it started with and those issued while it runs. Old and new ones of a
 * kind overlap until the old one is retired (facts 1.4).
 */
export type Signers = {
  /** The keys in use, oldest first. */
  all(kind?: Signer['kind']): Signer[]
  find(id: string): Signer | undefined
  /**
   * Who signs this answer or notice. A merchant that names a usable key gets that one; else the
   * newer of two keys signs the share that the settings say.
   */
  choose(asked?: string): Signer
  /** Issues a new key beside the ones there are; the merchant has to learn of it by itself. */
  issue(kind: Signer['kind']): Promise<Signer>
  /** Takes a key out of use. False when there is none such, or no other of its kind. */
  retire(id: string): boolean
}

const LIFE_MS = 5 * 365 * 86_400_000
const generate = promisify(generateKeyPair)

export function makeSigners(
  store: Store,
  clock: Clock,
  keys: Keys,
  settings: () => Settings,
): Signers {
  const issued = store.table<Signer>('signers')
  const retired = store.table<{ id: string }>('retiredSigners')
  const first: Signer[] = [
    {
      id: keys.wechatKeyId,
      kind: 'publicKey',
      privateKey: keys.wechatPrivateKey,
      publicKey: keys.wechatPublicKey,
    },
    {
      id: keys.platformSerial,
      kind: 'certificate',
      privateKey: keys.platformPrivateKey,
      publicKey: keys.platformPublicKey,
      certificate: keys.platformCertificate,
    },
  ]
  let random = makeRandom(settings().seed)
  let drawnFrom = settings().seed
  const draw = () => {
    if (drawnFrom !== settings().seed) {
      drawnFrom = settings().seed
      random = makeRandom(drawnFrom)
    }
    return random()
  }

  const all = (kind?: Signer['kind']) =>
    [...first, ...issued.all()].filter(
      (one) => !retired.get(one.id) && (kind === undefined || one.kind === kind),
    )
  const newest = (kind: Signer['kind']) => all(kind).at(-1) as Signer

  /** Oldest first: during a switch of kinds the public key is the newer one. */
  const usable = (): Signer[] => {
    const { keyMode } = settings()
    return keyMode === 'mixed' ? [newest('certificate'), newest('publicKey')] : all(keyMode)
  }

  return {
    all,
    find: (id) => all().find((one) => one.id === id),
    choose(asked) {
      const mode = settings().keyMode
      const named = (mode === 'mixed' ? all() : all(mode)).find((one) => one.id === asked)
      if (named) return named
      const [older, newer] = usable().slice(-2) as [Signer, Signer?]
      return newer && draw() < settings().share ? newer : older
    },
    async issue(kind) {
      const { publicKey, privateKey } = await generate('rsa', { modulusLength: 2048 })
      const pems = {
        privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
        publicKey: publicKey.export({ type: 'spki', format: 'pem' }) as string,
      }
      if (kind === 'publicKey')
        return issued.put({ id: `PUB_KEY_ID_0${keys.mchid}${digits(20)}`, kind, ...pems })
      const [from, until] = [new Date(clock.wire() - 1000), new Date(clock.wire() + LIFE_MS)]
      const made = selfSign({ name: 'Jiyue sandbox', privateKey, from, until })
      return issued.put({ id: made.serial, kind, ...pems, certificate: made.pem })
    },
    retire(id) {
      const one = all().find((signer) => signer.id === id)
      if (!one || all(one.kind).length < 2) return false
      retired.put({ id })
      return true
    },
  }
}

/**
 * A merchant's credentials with the public keys of this moment: those issued since are there, those
 * retired are gone, and the newest is the one to name. Certificates issued since are not: the
 * merchant fetches them itself.
 */
export function withSigners(credentials: Credentials, signers: Signers): Credentials {
  const { wechatPay } = credentials
  const inUse = Object.entries(wechatPay.publicKeys).filter(([id]) => signers.find(id))
  const publicKeys = signers.all('publicKey')
  return {
    ...credentials,
    wechatPay: {
      ...wechatPay,
      publicKeys: {
        ...Object.fromEntries(inUse),
        ...Object.fromEntries(publicKeys.map((one) => [one.id, one.publicKey])),
      },
      publicKeyId: (publicKeys.at(-1) as Signer).id,
    },
  }
}
