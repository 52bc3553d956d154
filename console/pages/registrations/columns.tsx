import { price } from '@jiyue/contract/money'
import { paidWords } from '@jiyue/contract/registration'
import type { RegistrationRow } from '@jiyue/contract/schema/registrations'
import { spanText } from '@jiyue/contract/time'
import type { TableColumnsType } from 'antd'
import { Link } from 'react-router'
import { StateTag } from '../../parts/StateTag.tsx'
import { Two } from '../../parts/Two.tsx'
import { paths } from '../../paths.ts'
import { stampText } from '../../stamp.ts'

type Columns = TableColumnsType<RegistrationRow>

/** Of one service each question has a column; of many the answers stand in one. */
export function columnsFor(
  rows: readonly RegistrationRow[],
  ofOne: boolean,
  search: string,
): Columns {
  return [
    {
      title: '报名',
      fixed: 'left',
      render: (_, row) => (
        <Two
          first={
            <Link
              to={paths.orderOver('/registrations', row.orderId, search)}
              onClick={(event) => event.stopPropagation()}
            >
              {row.number}
            </Link>
          }
          second={`${stampText(row.submittedAt)} 提交`}
        />
      ),
    },
    { title: '状态', render: (_, row) => <StateTag order={row} /> },
    {
      title: '服务与时段',
      render: (_, { service, slot, party }) => (
        <Two
          first={party > 1 ? `${service.name} · ${party} 人` : service.name}
          second={spanText(slot.startsAt, slot.endsAt)}
        />
      ),
    },
    ...(ofOne ? questions(rows) : [allAnswers]),
    {
      title: '缴费',
      align: 'right',
      render: (_, row) => (
        <Two
          right
          first={price(row.payableFen)}
          second={row.paid === 'refunded' ? `已退 ${price(row.refundedFen)}` : paidWords[row.paid]}
        />
      ),
    },
  ]
}

function questions(rows: readonly RegistrationRow[]): Columns {
  const labels = new Map(
    rows.flatMap(({ answers }) => answers.map(({ field, label }) => [field, label] as const)),
  )
  return [...labels].map(([field, label]) => ({
    title: label,
    ellipsis: true,
    width: 150,
    render: (_, { answers }) =>
      answers.find((answer) => answer.field === field)?.text || <span className="quiet">—</span>,
  }))
}

const allAnswers: Columns[number] = {
  title: '报名内容',
  width: 360,
  render: (_, { answers }) => (
    <span className="registration-answers">
      {answers.map(({ field, label, text }) => (
        <span key={field}>
          <span className="quiet">{label}</span> {text || '—'}
        </span>
      ))}
    </span>
  ),
}
