import { createCipheriv, randomBytes } from 'node:crypto'
import { chinaTime } from '../clock.ts'
import type { Codes } from '../open/codes.ts'
import { sign } from '../rsa.ts'
import type { World } from '../world.ts'
import { AlipayRefusal } from './refusal.ts'
import type { Params } from './wire.ts'

type Refresh = { id: string; openId: string }

/** alipay.system.oauth.token: the code of my.getAuthCode → the person's open id (facts 4.3). */
export function makeOauth(world: World, codes: Codes) {
  const refreshes = world.store.table<Refresh>('alipay.refreshTokens')
  const openIdOf = (params: Params): string => {
    if (params.grant_type === 'refresh_token') {
      const known = refreshes.get(params.refresh_token ?? '')
      if (!known) throw invalidCode('refresh_token')
      return known.openId
    }
    if (params.grant_type !== 'authorization_code')
      throw new AlipayRefusal('40002', 'isv.grant-type-invalid', 'grant_type不正确')
    const redeemed = codes.redeem('alipay', params.code ?? '')
    if (typeof redeemed === 'string') throw invalidCode('code')
    return world.people.openIdOf(world.keys.alipayAppId, redeemed.value)
  }
  return (params: Params): object => {
    const openId = openIdOf(params)
    const refresh = `authbseB${randomBytes(16).toString('hex')}`
    refreshes.put({ id: refresh, openId })
    return {
      access_token: `authbseB${randomBytes(16).toString('hex')}`,
      auth_start: chinaTime(world.clock.now()),
      expires_in: 1296000,
      open_id: openId,
      re_expires_in: 2592000,
      refresh_token: refresh,
    }
  }
}

function invalidCode(what: string): AlipayRefusal {
  return new AlipayRefusal('40002', 'isv.code-invalid', `授权码${what}无效`)
}

/**
 * What my.getPhoneNumber gives the page: AES-128-CBC with an IV of zeros, signed over the cipher
 * text with its double quotes (facts 4.3).
 */
export function phoneResponse(world: World, phone: string): string {
  const key = Buffer.from(world.keys.alipayAesKey, 'base64')
  const cipher = createCipheriv('aes-128-cbc', key, Buffer.alloc(16))
  const plain = JSON.stringify({ code: '10000', msg: 'Success', mobile: phone })
  const response = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]).toString('base64')
  return JSON.stringify({
    response,
    sign: sign(`"${response}"`, world.keys.alipayPrivateKey),
    sign_type: 'RSA2',
    encrypt_type: 'AES',
    charset: 'UTF-8',
  })
}
