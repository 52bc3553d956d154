import { price } from '@jiyue/contract/money'
import { type MoneyMethod, methodsShown, methodWords } from '@jiyue/contract/payment'
import type { Reply } from '@jiyue/contract/schema/wire'

type Today = Reply<'getToday'>

/** What came in today, and by which method. The amount is the largest thing on the page. */
export function Money({ today }: { today: Today }) {
  const { paid, refunded, byMethod } = today
  return (
    <section className="card money" aria-label="今日收款">
      <h2>今日收款</h2>
      <p className="money-amount" data-amount={paid.amountFen}>
        {price(paid.amountFen)}
      </p>
      <p className="quiet">{paid.count > 0 ? `共 ${paid.count} 笔` : '今天还没有收款'}</p>
      {refunded.count > 0 && (
        <p className="quiet" data-refunded={refunded.amountFen}>
          今日退款 {price(refunded.amountFen)}（{refunded.count} 笔），净收{' '}
          {price(paid.amountFen - refunded.amountFen)}
        </p>
      )}
      {paid.amountFen > 0 && <Share byMethod={byMethod} whole={paid.amountFen} />}
    </section>
  )
}

function Share({ byMethod, whole }: { byMethod: Today['byMethod']; whole: number }) {
  const of = (method: MoneyMethod) => byMethod.find((part) => part.method === method)
  const parts = methodsShown(byMethod.map(({ method }) => method)).map((method) => {
    const { amountFen = 0, count = 0 } = of(method) ?? {}
    return { method, amountFen, count, percent: Math.round((amountFen * 100) / whole) }
  })
  return (
    <>
      <div className="share-bar" aria-hidden>
        {parts.map(
          ({ method, amountFen }) =>
            amountFen > 0 && (
              <i key={method} className={`share-${method}`} style={{ flexGrow: amountFen }} />
            ),
        )}
      </div>
      <ul className="share-words">
        {parts.map(({ method, amountFen, count, percent }) => (
          <li key={method}>
            <i className={`share-${method}`} aria-hidden /> {methodWords[method].zh}
            <strong>{price(amountFen)}</strong>
            <span className="quiet">
              {percent}% · {count} 笔
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}
