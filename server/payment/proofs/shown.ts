import type { Method, MoneyMethod } from '@jiyue/contract/payment'

interface Attempt {
  trade_no: string
  method: MoneyMethod | null
}

/**
 * Which of an order's unpaid attempts (newest first) a proof is about: the one whose own number
 * stands on the bill (商户单号), else the newest of the provider whose number it looks like, else the
 * newest. Approving the wrong one would give the right money back as paid twice.
 */
export function shownPayment<A extends Attempt>(
  attempts: readonly A[],
  typed: string | undefined,
): A | undefined {
  const [newest] = attempts
  if (typed === undefined) return newest
  const number = typed.toLowerCase()
  const method = methodOf(number)
  return (
    attempts.find(({ trade_no }) => trade_no.toLowerCase() === number) ??
    attempts.find((attempt) => attempt.method === method) ??
    newest
  )
}

/** Providers' numbers have 28 digits: WeChat's begin with 4, Alipay's with the date. */
function methodOf(number: string): Method | null {
  if (/^4\d{27}$/.test(number)) return 'wechat'
  return /^20\d{26}$/.test(number) ? 'alipay' : null
}
