/** Why a bill could not be had, in words for the console; what is not here is the gateway's own code. */

const WORDS: Record<string, string> = {
  not_ready: '支付平台尚未生成该日账单，系统会继续获取',
  no_answer: '支付平台没有应答，系统会继续获取',
  too_large: '账单文件超出大小限制，请联系技术支持',
  broken_bill: '账单文件不完整或无法读取，系统会继续获取',
  bad_hash: '账单文件与支付平台给出的校验值不一致，系统会继续获取',
  wrong_merchant: '账单属于其他商户，请检查商户号配置',
  wrong_day: '账单日期与所查日期不符，系统会继续获取',
  bad_signature: '支付平台的应答签名无效，系统会继续获取',
  unknown_serial: '支付平台的应答签名无效，系统会继续获取',
  stale: '支付平台的应答时间不符，请检查服务器时间',
}

export function failureText(code: string): string {
  return WORDS[code] ?? `支付平台未能提供账单（${code}）`
}
