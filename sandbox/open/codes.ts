import { randomBytes } from 'node:crypto'
import { MINUTE } from '../clock.ts'
import type { World } from '../world.ts'

/** Where a person signs in. */
export type Host = 'weapp' | 'alipay' | 'wechatWeb'
/** What a code is good for: signing in, or one look at the phone number. */
type Purpose = Host | 'phone'
type Code = { id: string; purpose: Purpose; value: string; madeAt: number; used: boolean }

/** All one-time codes of the platforms live five minutes. */
const LIFE = 5 * MINUTE

export type Codes = {
  /** A code as the phone gets it: for a person, or (purpose phone) for a phone number. */
  make(purpose: Purpose, value: string): string
  /** Uses a code up; says why not when it is no good. */
  redeem(purpose: Purpose, code: string): { value: string } | 'unknown' | 'used'
}

export function makeCodes(world: World): Codes {
  const codes = world.store.table<Code>('codes')
  return {
    make(purpose, value) {
      const id = randomBytes(24).toString('base64url')
      codes.put({ id, purpose, value, madeAt: world.clock.now(), used: false })
      return id
    },
    redeem(purpose, id) {
      const code = codes.get(id)
      if (code?.purpose !== purpose) return 'unknown'
      if (code.used) return 'used'
      if (world.clock.now() > code.madeAt + LIFE) return 'unknown'
      codes.put({ ...code, used: true })
      return { value: code.value }
    },
  }
}
