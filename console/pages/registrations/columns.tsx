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
  hidden: readonly string[],
): Columns {
  const all: Columns = [
    {
      key: 'order',
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
    { key: 'state', title: '状态', render: (_, row) => <StateTag order={row} /> },
    {
      key: 'slot',
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
      key: 'paid',
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
  return all.filter(({ key }) => !hidden.includes(String(key)))
}

/** Columns that may be hidden: all but the first. */
export function choosable(rows: readonly RegistrationRow[], ofOne: boolean) {
  const answers = ofOne
    ? [...labelsOf(rows)].map(([field, label]) => ({ key: `q:${field}`, label }))
    : [{ key: 'answers', label: '报名内容' }]
  return [
    { key: 'state', label: '状态' },
    { key: 'slot', label: '服务与时段' },
    ...answers,
    { key: 'paid', label: '缴费' },
  ]
}

function labelsOf(rows: readonly RegistrationRow[]): Map<string, string> {
  return new Map(
    rows.flatMap(({ answers }) => answers.map(({ field, label }) => [field, label] as const)),
  )
}

function questions(rows: readonly RegistrationRow[]): Columns {
  return [...labelsOf(rows)].map(([field, label]) => ({
    key: `q:${field}`,
    title: label,
    ellipsis: true,
    width: 150,
    render: (_, { answers }) =>
      answers.find((answer) => answer.field === field)?.text || <span className="quiet">—</span>,
  }))
}

const allAnswers: Columns[number] = {
  key: 'answers',
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
