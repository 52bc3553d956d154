/** Who somebody is in Alipay, and the phone number they chose to give. */
import { createDecipheriv } from 'node:crypto'
import type { AlipayClient } from './alipayClient.ts'
import { type Answer, refused, unknown, yes } from './answer.ts'
import type { AlipayCredentials } from './credentials.ts'
import { jsonObject } from './exchange.ts'

export interface AlipayLogin {
  /** A code of `my.getAuthCode` → open_id (user_id for apps from before open ids). */
  subject(code: string, now: Date): Promise<Answer<string>>
  /** The `response` text of `my.getPhoneNumber` → 11 digits. Checked here, nothing is asked. */
  phone(response: string): Answer<string>
}

export function alipayLogin(alipay: AlipayCredentials, client: AlipayClient): AlipayLogin {
  async function subject(code: string, now: Date): Promise<Answer<string>> {
    const args = { grant_type: 'authorization_code', code }
    const answer = await client.callPlain(TOKEN, args, now, { attempts: 1 })
    // A bad code may be told in an unsigned error. Believing a "no" to signing in costs nobody.
    if (!answer.ok) return { ...answer, kind: answer.code === BAD_CODE ? 'refused' : answer.kind }
    const id = answer.value.open_id ?? answer.value.user_id
    return typeof id === 'string' && id ? yes(id) : unknown('malformed', 'oauth.token: no open_id')
  }

  /** Signed over the ciphertext with its double quotes; AES-128-CBC with an IV of zeros. */
  function phone(response: string): Answer<string> {
    const { response: sealed, sign } = jsonObject(response) ?? {}
    if (typeof sealed !== 'string')
      return refused('phone_not_given', 'Alipay gave an error instead')
    if (typeof sign !== 'string' || !client.signed(`"${sealed}"`, sign)) {
      return refused('bad_signature', 'the phone number is not signed by Alipay')
    }
    const opened = jsonObject(open(sealed, alipay.aesKey) ?? '')
    if (opened?.code !== '10000' || typeof opened.mobile !== 'string') {
      return refused(String(opened?.sub_code ?? opened?.code ?? 'bad_seal'), 'no number inside')
    }
    return yes(opened.mobile)
  }

  return { subject, phone }
}

const TOKEN = 'alipay.system.oauth.token'
const BAD_CODE = 'isv.code-invalid'

function open(sealed: string, aesKey: string): string | null {
  try {
    const decipher = createDecipheriv(
      'aes-128-cbc',
      Buffer.from(aesKey, 'base64'),
      Buffer.alloc(16),
    )
    const plain = decipher.update(Buffer.from(sealed, 'base64'))
    return Buffer.concat([plain, decipher.final()]).toString('utf8')
  } catch {
    return null // another key's ciphertext: the caller refuses it
  }
}
