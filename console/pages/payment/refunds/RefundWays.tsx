import { price } from '@jiyue/contract/money'
import type { ConsoleRefund } from '@jiyue/contract/schema/money'
import type { Input } from '@jiyue/contract/schema/wire'
import { App, Popconfirm } from 'antd'
import { useAct } from '../../../acting.ts'
import { queries } from '../../../asking.ts'
import { Reasoned } from '../../../parts/Reasoned.tsx'
import { useWhyNoRight } from '../../../useWhyNoRight.ts'
import { PaidOtherwise } from './PaidOtherwise.tsx'

type Way = Input<'retryRefund'>['body']['way']

/** What a person may do with a failed refund, and what to know before doing it. */
const ways: Record<Way, { verb: string; asks: string; warns: (refund: ConsoleRefund) => string }> =
  {
    again: {
      verb: '重试',
      asks: '再次提交这笔退款？',
      warns: () => '使用同一退款单号，支付平台不会重复退款',
    },
    merchant_account: {
      verb: '退到商户账户',
      asks: '改为退到商户自己的银行账户？',
      warns: ({ person, amountFen }) =>
        `钱不会再回到客户的付款账户：到账后请自行转给 ${person} ${price(amountFen)}`,
    },
  }

/** The ways the server offers for one refund; nothing where nothing is to be done. */
export function RefundWays({ refund }: { refund: ConsoleRefund }) {
  const { message } = App.useApp()
  const reason = useWhyNoRight('money')
  const retry = useAct('retryRefund', {
    done() {
      message.success('已重新提交，结果会自动更新')
      void queries.invalidateQueries()
    },
  })
  return (
    <span className="refund-ways">
      {refund.ways.map((way) =>
        way === 'otherwise' ? (
          <PaidOtherwise key={way} refund={refund} reason={reason} />
        ) : (
          <Popconfirm
            key={way}
            placement="left"
            title={ways[way].asks}
            description={<span className="asked-text">{ways[way].warns(refund)}</span>}
            okText={ways[way].verb}
            disabled={reason !== null}
            onConfirm={() => retry.mutate({ params: { id: refund.id }, body: { way } })}
          >
            <Reasoned reason={reason} loading={retry.isPending}>
              {ways[way].verb}
            </Reasoned>
          </Popconfirm>
        ),
      )}
    </span>
  )
}
