import { X509Certificate } from 'node:crypto'
import { rfc3339 } from '../clock.ts'
import { nonce } from '../numbers.ts'
import type { World } from '../world.ts'
import { Refusal } from './refusal.ts'
import { encrypt } from './wire.ts'

/** GET /v3/certificates: a merchant that has only the public key is told so (facts 1.4). */
export function certificates(world: World): object {
  const { keys } = world
  if (world.settings().keyMode === 'publicKey')
    throw new Refusal(
      404,
      'RESOURCE_NOT_EXISTS',
      '无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥。',
    )
  const { validFromDate, validToDate } = new X509Certificate(keys.platformCertificate)
  const iv = nonce(12)
  return {
    data: [
      {
        serial_no: keys.platformSerial,
        effective_time: rfc3339(validFromDate.getTime()),
        expire_time: rfc3339(validToDate.getTime()),
        encrypt_certificate: {
          algorithm: 'AEAD_AES_256_GCM',
          nonce: iv,
          associated_data: 'certificate',
          ciphertext: encrypt(keys.platformCertificate, keys.apiV3Key, 'certificate', iv),
        },
      },
    ],
  }
}
