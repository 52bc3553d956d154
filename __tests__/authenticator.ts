/** A person's authenticator in tests: the codes of a secret (RFC 6238), by the library's own clock-free call. */
import { Secret, TOTP } from 'otpauth'

export const codeAt = (secret: string, at: number): string =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: at })
