import { X509Certificate } from 'node:crypto'
import { rfc3339 } from '../clock.ts'
import { nonce } from '../numbers.ts'
import type { Signer } from '../signers.ts'
import type { World } from '../world.ts'
import { Refusal } from './refusal.ts'
import { encrypt } from './wire.ts'

/**
 * GET /v3/certificates: every certificate in use, old and new ones overlapping; a merchant that has only the public key is told so
 * (facts 1.4).
 */
export function certificates(world: World): object {
  if (world.settings().keyMode === 'publicKey')
    throw new Refusal(
      404,
      'RESOURCE_NOT_EXISTS',
      '无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥。',
    )
  const all = world.signers.all('certificate')
  return { data: all.map((one) => listed(one, world.keys.apiV3Key)) }
}

function listed({ id, certificate = '' }: Signer, apiV3Key: string): object {
  const { validFromDate, validToDate } = new X509Certificate(certificate)
  const iv = nonce(12)
  return {
    serial_no: id,
    effective_time: rfc3339(validFromDate.getTime()),
    expire_time: rfc3339(validToDate.getTime()),
    encrypt_certificate: {
      algorithm: 'AEAD_AES_256_GCM',
      nonce: iv,
      associated_data: 'certificate',
      ciphertext: encrypt(certificate, apiV3Key, 'certificate', iv),
    },
  }
}
