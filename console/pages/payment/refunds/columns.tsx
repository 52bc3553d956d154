import { price } from '@jiyue/contract/money'
import { methodWords, refundReasons } from '@jiyue/contract/payment'
import type { ConsoleRefund } from '@jiyue/contract/schema/money'
import { clockText, dateText } from '@jiyue/contract/time'
import type { TableColumnsType } from 'antd'
import { OrderOver } from '../../../parts/OrderOver.tsx'
import { RefundTag } from '../../../parts/RefundTag.tsx'
import { Two } from '../../../parts/Two.tsx'
import { doerWord, failureWord } from '../../../words.ts'
import { RefundWays } from './RefundWays.tsx'

/** Two lines a cell, so that all of them fit a tablet. */
export const columns: TableColumnsType<ConsoleRefund> = [
  {
    title: '金额',
    render: (_, { amountFen, method }) => (
      <Two first={<strong>{price(amountFen)}</strong>} second={methodWords[method].zh} />
    ),
  },
  {
    title: '订单',
    render: (_, { orderId, orderNumber, serviceName, person }) => (
      <Two
        first={<OrderOver id={orderId} number={orderNumber} />}
        second={`${serviceName} · ${person}`}
      />
    ),
  },
  { title: '状态', render: (_, refund) => <State refund={refund} /> },
  {
    title: '原因与发起',
    render: (_, { reason, note, by, at }) => (
      <Two
        first={note ? `${refundReasons[reason]}：${note}` : refundReasons[reason]}
        second={`${doerWord(by)} · ${dateText(at).split(' ')[0]} ${clockText(at)}`}
      />
    ),
  },
  { title: '', align: 'right', render: (_, refund) => <RefundWays refund={refund} /> },
]

function State({ refund }: { refund: ConsoleRefund }) {
  const { state, failure, tries } = refund
  const told = [failure && failureWord(failure), tries > 1 && `已提交 ${tries} 次`]
  const text = told.filter(Boolean).join('，')
  return <Two first={<RefundTag state={state} />} second={text || null} />
}
