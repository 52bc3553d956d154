import { percent } from '@jiyue/contract/insight'
import { methodWords } from '@jiyue/contract/payment'
import type { Reply } from '@jiyue/contract/schema/wire'
import { Bars } from '../../parts/Bars.tsx'

type Insight = Reply<'getInsight'>

/** 偏好: services by orders, methods by payments. */
export function Preferences({ services, methods }: Pick<Insight, 'services' | 'methods'>) {
  return (
    <div className="halves">
      <Shares
        title="受欢迎的服务"
        unit="单"
        rows={services.map(({ name, orders }) => ({ word: name, count: orders }))}
      />
      <Shares
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

interface SharesProps {
  title: string
  unit: string
  rows: readonly { word: string; count: number }[]
}

function Shares({ title, unit, rows }: SharesProps) {
  const shown = rows.filter(({ count }) => count > 0)
  const sum = shown.reduce((total, { count }) => total + count, 0)
  return (
    <section className="card">
      <h2>{title}</h2>
      {shown.length === 0 && <p className="quiet">这段时间还没有</p>}
      <Bars
        rows={shown.map(({ word, count }) => ({
          word,
          share: count / sum,
          says: `${count} ${unit} · ${percent(count / sum)}`,
        }))}
      />
    </section>
  )
}
