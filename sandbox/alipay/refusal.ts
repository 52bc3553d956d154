/** A "no" of Alipay: code, sub_code and a Chinese sentence (facts 2.1). */
export class AlipayRefusal extends Error {
  readonly code: string
  readonly subCode: string

  constructor(code: string, subCode: string, subMessage: string) {
    super(subMessage)
    this.code = code
    this.subCode = subCode
  }

  node(): object {
    const { code, subCode, message } = this
    return { code, msg: MESSAGES[code], sub_code: subCode, sub_msg: message }
  }
}

export const MESSAGES: Record<string, string> = {
  '10000': 'Success',
  '20000': 'Service Currently Unavailable',
  '20001': 'Insufficient Token Permissions',
  '40001': 'Missing Required Arguments',
  '40002': 'Invalid Arguments',
  '40004': 'Business Failed',
  '40005': 'Call Limited',
  '40006': 'Insufficient Permissions',
}

/** A business refusal: 40004 with an ACQ code. */
export function refused(subCode: string, subMessage: string): AlipayRefusal {
  return new AlipayRefusal('40004', `ACQ.${subCode}`, subMessage)
}
