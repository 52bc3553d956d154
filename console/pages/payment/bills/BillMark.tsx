import {
  CheckOutlined,
  ClockCircleOutlined,
  CloseCircleOutlined,
  MinusOutlined,
  WarningOutlined,
} from '@ant-design/icons'
import { type BillState, billStates } from '@jiyue/contract/bill'
import type { Bill } from '@jiyue/contract/schema/money'
import type { ReactNode } from 'react'

const looks: Record<BillState | 'differs', { look: string; icon: ReactNode }> = {
  matched: { look: 'good', icon: <CheckOutlined /> },
  empty: { look: 'over', icon: <MinusOutlined /> },
  waiting: { look: 'over', icon: <ClockCircleOutlined /> },
  failed: { look: 'bad', icon: <CloseCircleOutlined /> },
  differs: { look: 'wait', icon: <WarningOutlined /> },
}

const looksOf = ({ state, openDifferences }: Bill) => looks[openDifferences > 0 ? 'differs' : state]

/** 「已对账」, 「2 项差异」, 「无账单」. */
export function billWord(bill: Bill | undefined): string {
  if (!bill) return '无账单'
  return bill.openDifferences > 0 ? `${bill.openDifferences} 项差异` : billStates[bill.state]
}

/** A bill's state in the space of a few letters; whoever hears the page hears the day's words. */
export function BillMark({ bill }: { bill: Bill }) {
  const { look, icon } = looksOf(bill)
  return (
    <b className={`bill-mark mark-${look}`} title={billWord(bill)} aria-hidden>
      {icon}
      {bill.openDifferences > 0 && bill.openDifferences}
    </b>
  )
}

/** The same with its word. */
export function BillTag({ bill }: { bill: Bill }) {
  const { look, icon } = looksOf(bill)
  return (
    <span className={`state state-${look}`}>
      {icon} {billWord(bill)}
    </span>
  )
}
