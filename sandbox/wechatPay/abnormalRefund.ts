import { constants, privateDecrypt } from 'node:crypto'
import type { World } from '../world.ts'
import { oneOf, optional, read, text } from './fields.ts'
import { OUT_REFUND_NO } from './refundShape.ts'
import type { Card, Refund, Refunds } from './refunds.ts'
import { paramError, Refusal } from './refusal.ts'

type Request = {
  out_refund_no: string
  type: Card
  bank_type?: string
  bank_account?: string
  real_name?: string
}

/** Debit cards of these banks only. */
const BANKS = 'CMB,COMM,ABC,CCB,ICBC,BOC,PAB,SPDB,CITIC,CEB,CMBC,CIB,GDB,PSBC,NBCB'
  .split(',')
  .map((bank) => `${bank}_DEBIT`)

const SHAPE = {
  out_refund_no: text(64, OUT_REFUND_NO),
  type: oneOf('USER_BANK_CARD', 'MERCHANT_BANK_CARD'),
  bank_type: optional(oneOf(...BANKS)),
  bank_account: optional(text(1024)),
  real_name: optional(text(1024)),
}

/**
 * POST /v3/refund/domestic/refunds/{refund_id}/apply-abnormal-refund: the payer's account is gone,
 * so the money goes to a bank card of the payer's, whose number and name come encrypted, or back to
 * the merchant's own account. Only an ABNORMAL refund can be sent there; it is then PROCESSING.
 * `serial` is the Wechatpay-Serial of the request: the key the fields are encrypted with.
 */
export function applyAbnormalRefund(
  world: World,
  refunds: Refunds,
  asked: { refundId: string; body: unknown; serial: string | undefined },
  faults: Set<string>,
): Refund {
  read(asked.body, SHAPE)
  const request = asked.body as Request
  const refund = refunds.find(request.out_refund_no)
  if (refund.refundId !== asked.refundId)
    throw new Refusal(404, 'RESOURCE_NOT_EXISTS', '退款单不存在')
  const tail = request.type === 'USER_BANK_CARD' ? cardOf(world, request, asked.serial) : ''
  // Asked again with the same way of paying, and answered as before: the first answer may be lost.
  if (refund.card === request.type && refund.state !== 'ABNORMAL') return refund
  if (refund.state !== 'ABNORMAL')
    throw new Refusal(400, 'INVALID_REQUEST', '退款单状态不是退款异常，不能发起异常退款')
  return refunds.redirect(refund, request.type, tail, faults)
}

/** The last four digits of the payer's card, once all three fields are right. */
function cardOf(world: World, request: Request, serial: string | undefined): string {
  if (!request.bank_type) throw paramError('/body/bank_type', '', '退款至用户时必填')
  const account = opened(world, serial, '/body/bank_account', request.bank_account)
  const name = opened(world, serial, '/body/real_name', request.real_name)
  if (!/^\d{12,19}$/.test(account)) throw paramError('/body/bank_account', '', '银行卡号格式错误')
  if (!/^[\p{L}·.\s]{2,50}$/u.test(name)) throw paramError('/body/real_name', '', '姓名格式错误')
  return account.slice(-4)
}

/** RSA-OAEP with SHA-1, by the key that the merchant names (facts 1.4). */
function opened(world: World, serial: string | undefined, path: string, value?: string): string {
  if (!value) throw paramError(path, '', '退款至用户时必填')
  const signer = world.signers.find(serial ?? '')
  if (!signer)
    throw new Refusal(400, 'PARAM_ERROR', '平台证书序列号Wechatpay-Serial错误', {
      field: 'Wechatpay-Serial',
      value: serial ?? '',
      issue: '加密敏感字段须传入微信支付公钥ID或平台证书序列号',
      location: 'header',
    })
  try {
    const options = {
      key: signer.privateKey,
      padding: constants.RSA_PKCS1_OAEP_PADDING,
      oaepHash: 'sha1',
    }
    return privateDecrypt(options, Buffer.from(value, 'base64')).toString('utf8')
  } catch {
    // Node says only that it could not be decrypted, and so does the platform.
    throw paramError(path, '', '敏感字段解密失败，请检查加密公钥与填充方式')
  }
}
