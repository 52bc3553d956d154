import type { Keys } from './keys.ts'
import { MAIL_USER, mailPassword } from './mail.ts'
import { alipayTemplates, smsTemplates, wechatTemplates } from './templates.ts'

/**
 * What a merchant would have downloaded from the platforms' consoles: the product reads this shape
 * through CREDENTIALS_FILE, and going live means pointing it at another file of the same shape.
 */
export type Credentials = {
  sandbox: true
  wechatPay: {
    baseUrl: string
    mchid: string
    merchantSerial: string
    merchantPrivateKey: string
    apiV3Key: string
    publicKeys: Record<string, string>
    publicKeyId: string
  }
  wechat: { baseUrl: string; appid: string; secret: string; templates: Templates }
  wechatWeb: { appid: string; secret: string; authorizeUrl: string }
  alipay: {
    gateway: string
    appId: string
    privateKey: string
    alipayPublicKey: string
    sellerId: string
    aesKey: string
    templates: Templates
  }
  sms: {
    baseUrl: string
    accessKeyId: string
    accessKeySecret: string
    signName: string
    templates: Record<string, string>
  }
  mail: {
    host: string
    port: number
    secure: boolean
    user: string
    password: string
    from: string
  }
}

/** Templates as registered in the platforms' consoles: an id, and what the merchant puts where. */
type Templates = Record<string, { id: string; keys: Record<string, string> }>

/** The signature that stands before every text message, as registered with the SMS platform. */
export const SMS_SIGN_NAME = '即约'

export function credentialsOf(keys: Keys, url: string, mailPort: number): Credentials {
  return {
    sandbox: true,
    wechatPay: {
      baseUrl: url,
      mchid: keys.mchid,
      merchantSerial: keys.merchantSerial,
      merchantPrivateKey: keys.merchantPrivateKey,
      apiV3Key: keys.apiV3Key,
      publicKeys: {
        [keys.wechatKeyId]: keys.wechatPublicKey,
        [keys.platformSerial]: keys.platformPublicKey,
      },
      publicKeyId: keys.wechatKeyId,
    },
    wechat: { baseUrl: url, ...keys.mini, templates: wechatTemplates(keys) },
    wechatWeb: { ...keys.web, authorizeUrl: `${url}/connect/oauth2/authorize` },
    alipay: {
      gateway: `${url}/gateway.do`,
      appId: keys.alipayAppId,
      privateKey: keys.alipayAppPrivateKey,
      alipayPublicKey: keys.alipayPublicKey,
      sellerId: keys.alipaySellerId,
      aesKey: keys.alipayAesKey,
      templates: alipayTemplates(keys),
    },
    sms: {
      baseUrl: `${url}/sms`,
      accessKeyId: keys.sms.accessKeyId,
      accessKeySecret: keys.sms.accessKeySecret,
      signName: SMS_SIGN_NAME,
      templates: Object.fromEntries(
        Object.entries(smsTemplates(keys)).map(([n, { code }]) => [n, code]),
      ),
    },
    mail: {
      host: new URL(url).hostname,
      port: mailPort,
      secure: false,
      user: MAIL_USER,
      password: mailPassword(keys),
      from: `即约 <${MAIL_USER}>`,
    },
  }
}
