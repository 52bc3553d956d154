/**
 * `npm run code -- SECRET`: the present code of a second step's secret, for trying the console on a
 * machine without an authenticator at hand. It knows no secret of its own.
 */
import { Secret, TOTP } from 'otpauth'

const [typed = ''] = process.argv.slice(2)
try {
  const totp = new TOTP({ secret: Secret.fromBase32(typed.replace(/\s/g, '')) })
  console.log(totp.generate())
} catch {
  console.error('用法：npm run code -- 密钥（「我的账号」开启两步验证时显示）')
  process.exitCode = 1
}
