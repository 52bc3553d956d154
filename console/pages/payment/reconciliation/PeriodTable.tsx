import { price } from '@jiyue/contract/money'
import { type MoneyMethod, methodWords } from '@jiyue/contract/payment'
import type { Reply } from '@jiyue/contract/schema/wire'
import { Table, type TableColumnsType } from 'antd'
import { Two } from '../../../parts/Two.tsx'
import type { Per } from '../../../paths.ts'
import { methodsIn, periodText } from './periods.ts'

type Data = Reply<'getReconciliation'>
type Period = Data['periods'][number]

interface PeriodTableProps {
  data: Data
  per: Per
}

/** One line a period, newest first, with the share of each method. */
export function PeriodTable({ data, per }: PeriodTableProps) {
  const { total } = data
  const methods = methodsIn(data.periods)
  const periods = [...data.periods].reverse()
  return (
    <section className="card card-flush" aria-label="按周期">
      <Table
        rowKey="from"
        size="middle"
        columns={columnsOf(per, methods)}
        dataSource={periods}
        pagination={periods.length > 31 && { pageSize: 31, showSizeChanger: false }}
        summary={() => (
          <Table.Summary.Row className="sum-row">
            <Table.Summary.Cell index={0}>合计</Table.Summary.Cell>
            <Table.Summary.Cell index={1} align="right">
              {price(total.paid.amountFen)}
            </Table.Summary.Cell>
            <Table.Summary.Cell index={2} align="right">
              {price(total.refunded.amountFen)}
            </Table.Summary.Cell>
            <Table.Summary.Cell index={3} align="right">
              {price(total.netFen)}
            </Table.Summary.Cell>
            {methods.map((method, i) => (
              <Table.Summary.Cell key={method} index={4 + i} align="right">
                {price(data.periods.reduce((sum, period) => sum + netOf(period, method), 0))}
              </Table.Summary.Cell>
            ))}
          </Table.Summary.Row>
        )}
      />
    </section>
  )
}

function columnsOf(per: Per, methods: readonly MoneyMethod[]): TableColumnsType<Period> {
  return [
    { title: '期间', render: (_, period) => periodText(per, period) },
    { title: '收款', align: 'right', render: (_, { paid }) => <Sum sum={paid} /> },
    { title: '退款', align: 'right', render: (_, { refunded }) => <Sum sum={refunded} /> },
    {
      title: '净额',
      align: 'right',
      render: (_, { netFen, paid, refunded }) =>
        paid.count + refunded.count > 0 ? (
          <strong>{price(netFen)}</strong>
        ) : (
          <span className="quiet">—</span>
        ),
    },
    ...methods.map((method) => ({
      title: `${methodWords[method].zh}净额`,
      align: 'right' as const,
      render: (_: unknown, period: Period) =>
        period.byMethod.some((part) => part.method === method) ? (
          price(netOf(period, method))
        ) : (
          <span className="quiet">—</span>
        ),
    })),
  ]
}

function Sum({ sum: { amountFen, count } }: { sum: Period['paid'] }) {
  if (count === 0) return <span className="quiet">—</span>
  return <Two right first={price(amountFen)} second={`${count} 笔`} />
}

const netOf = (period: Period, method: MoneyMethod) =>
  period.byMethod.find((part) => part.method === method)?.netFen ?? 0
