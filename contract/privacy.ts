/**
 * What people agree to about their data (X11). Texts are only ever added: what somebody agreed to
 * must still be readable years later. A test holds the old ones to the letter.
 */

export interface PrivacyText {
  version: number
  /** The day it came into force. */
  from: string
  paragraphs: readonly string[]
}

export const privacyTexts: readonly PrivacyText[] = [
  {
    version: 1,
    from: '2026-11-29',
    paragraphs: [
      '报名信息只用于每一项旁边写明的用途，不会用于其他用途，也不会出售。',
      '每一项在订单结束后保留规定的天数，到期自动删除；手机号、身份证号加密保存，列表中只显示一部分。',
      '商家工作人员为安排服务可以查看您的报名信息；支付由微信支付或支付宝处理，我们不保存您的支付密码和银行卡号。',
      '您可以随时在「我的 · 个人信息」查看、导出全部信息，或一次删除。依法须保留的支付记录在删除后不再与您的身份关联。',
    ],
  },
  {
    version: 2,
    from: '2026-11-29',
    paragraphs: [
      '报名信息只用于每一项旁边写明的用途，不会用于其他用途，也不会出售。',
      '每一项在订单结束后保留规定的天数，到期自动删除；手机号、身份证号加密保存，列表中只显示一部分。',
      '商家工作人员为安排服务可以查看您的报名信息；支付由微信支付或支付宝处理，我们不保存您的支付密码和银行卡号。',
      '为改进页面，我们统计每次访问看了哪些服务、走到哪一步、停在哪一项：不含您填写的内容，预约后只以订单编号衔接，只用于合计数字，到期自动删除。',
      '您可以随时在「我的 · 个人信息」查看、导出全部信息，或一次删除。依法须保留的支付记录在删除后不再与您的身份关联。',
    ],
  },
  {
    version: 3,
    from: '2026-11-29',
    paragraphs: [
      '报名信息只用于每一项旁边写明的用途，不会用于其他用途，也不会出售。',
      '每一项在订单结束后保留规定的天数，到期自动删除；手机号、身份证号加密保存，列表中只显示一部分。',
      '商家工作人员为安排服务可以查看您的报名信息；支付由微信支付或支付宝处理，我们不保存您的支付密码和银行卡号。',
      '为改进页面，我们统计每次访问看了哪些服务、走到哪一步、停在哪一项：不含您填写的内容，预约后只以订单编号衔接，只用于合计数字，到期自动删除。',
      '您可以随时在「我的 · 个人信息」查看、导出全部信息，或一次删除。依法须保留的支付记录在删除后不再与您的身份关联。',
      '为防止数据丢失，系统会保留近期备份。已删除或到期的信息在备份中只用于灾难恢复，随备份轮换清除，最长 30 天。',
    ],
  },
]

/** Days after which no backup holds what was erased, as the text above says (deploy/backup, docs/how-to/backup.md). */
export const backupDays = 30

export const currentPrivacy = privacyTexts[privacyTexts.length - 1] as PrivacyText

/** The text of a version, as it is read and hashed; null for one that never was. */
export function privacyText(version: number): string | null {
  const text = privacyTexts.filter((one) => one.version === version)[0]
  return text ? text.paragraphs.join('\n') : null
}

/** What erasing does, said before the tap. */
export const erasing = {
  gone: [
    '账号、手机号、登录方式',
    '常用信息与全部报名内容、草稿、上传的图片',
    '消息、订阅授权、候补与排队提醒',
  ],
  kept: [
    '支付、退款记录与支付凭证：依法保留，不再与您的身份关联',
    '付款凭证图片（如曾上传）：作为支付争议的证据保留',
    `备份中的副本：只用于灾难恢复，随备份轮换清除，最长 ${backupDays} 天`,
  ],
} as const
