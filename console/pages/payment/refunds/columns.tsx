import { price } from '@jiyue/contract/money'
import { methodWords, refundReasons } from '@jiyue/contract/payment'
import type { ConsoleRefund } from '@jiyue/contract/schema/money'
import type { TableColumnsType } from 'antd'
import { translated } from '../../../english/text.ts'
import { Failure } from '../../../parts/Failure.tsx'
import { OrderOver } from '../../../parts/OrderOver.tsx'
import { RefundTag } from '../../../parts/RefundTag.tsx'
import { Two } from '../../../parts/Two.tsx'
import { stampText } from '../../../stamp.ts'
import { doerWord } from '../../../words.ts'
import { RefundWays } from './RefundWays.tsx'

/** Two lines a cell, so that all of them fit a tablet. */
export const columns: TableColumnsType<ConsoleRefund> = [
  {
    title: '金额',
    render: (_, { amountFen, method }) => (
      <Two
        first={<strong>{price(amountFen)}</strong>}
        second={<span className="nowrap">{methodWords[method].zh}</span>}
      />
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
    width: '26%',
    render: (_, { reason, note, by, byName, at }) => (
      <Two
        first={note ? `${refundReasons[reason]}：${translated(note)}` : refundReasons[reason]}
        second={
          <>
            {doerWord(by, byName)} <span className="nowrap">{stampText(at)}</span>
          </>
        }
      />
    ),
  },
  { title: '', align: 'right', render: (_, refund) => <RefundWays refund={refund} /> },
]

function State({ refund: { state, failure, tries, otherwise } }: { refund: ConsoleRefund }) {
  if (otherwise) {
    const { note, evidence, byName } = otherwise
    return (
      <Two
        first={<RefundTag state={state} />}
        second={[note, `凭据：${evidence}`, byName].filter(Boolean).join(' · ')}
      />
    )
  }
  return (
    <Two
      first={<RefundTag state={state} />}
      second={
        (failure || tries > 1) && (
          <>
            {failure && <Failure failure={failure} />}
            {tries > 1 && <span className="nowrap"> 已提交 {tries} 次</span>}
          </>
        )
      }
    />
  )
}
