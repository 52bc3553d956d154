import { percent } from '@jiyue/contract/insight'
import { methodWords } from '@jiyue/contract/payment'
import type { Reply } from '@jiyue/contract/schema/wire'

type Insight = Reply<'getInsight'>

/** 偏好: services by orders, methods by payments. */
export function Preferences({ services, methods }: Pick<Insight, 'services' | 'methods'>) {
  return (
    <div className="halves">
      <Bars
        title="受欢迎的服务"
        unit="单"
        rows={services.map(({ name, orders }) => ({ word: name, count: orders }))}
      />
      <Bars
        title="支付方式"
        unit="笔"
        rows={methods.map(({ method, payments }) => ({
          word: methodWords[method].zh,
          count: payments,
        }))}
      />
    </div>
  )
}

interface BarsProps {
  title: string
  unit: string
  rows: readonly { word: string; count: number }[]
}

function Bars({ title, unit, rows }: BarsProps) {
  const shown = rows.filter(({ count }) => count > 0)
  const sum = shown.reduce((total, { count }) => total + count, 0)
  return (
    <section className="card">
      <h2>{title}</h2>
      {shown.length === 0 && <p className="quiet">这段时间还没有</p>}
      <ul className="insight-bars">
        {shown.map(({ word, count }) => (
          <li key={word}>
            <span>{word}</span>
            <span className="insight-bar" aria-hidden>
              <span style={{ width: `${(count / sum) * 100}%` }} />
            </span>
            <span>
              {count} {unit} · {percent(count / sum)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
