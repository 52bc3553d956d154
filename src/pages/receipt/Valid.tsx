import { price } from '@jiyue/contract/money'
import { methodWords } from '@jiyue/contract/payment'
import { spacedCode } from '@jiyue/contract/receipt'
import { clockText, dateText, spanText } from '@jiyue/contract/time'
import { Text, View } from '@tarojs/components'
import { Icon } from '../../parts/Icon.tsx'
import { Card } from '../../parts/Page.tsx'
import { Price } from '../../parts/Price.tsx'
import { type Row, Rows } from '../../parts/Rows.tsx'
import type { Verified } from '../../stores/receipt.ts'
import './receipt.scss'

/** What the receipt says, to be compared with the paper, and what went back since (P9). */
export function Valid({ verified: { receipt, refundedFen } }: { verified: Verified }) {
  const isBack = refundedFen >= receipt.paidFen
  return (
    <View>
      <View className="receipt__verdict receipt__verdict--yes" {...{ role: 'status' }}>
        <View className="receipt__head">
          <Icon name="shield" size={20} />
          <Text className="receipt__word">凭证有效</Text>
        </View>
        <Text className="receipt__text">
          {refundedFen === 0
            ? '由本商家出具，未发生退款'
            : isBack
              ? '由本商家出具，款项已全额退款'
              : `由本商家出具，出具后已退款 ${price(refundedFen)}`}
        </Text>
      </View>
      <Card>
        <View className="receipt__paid">
          <Text className="receipt__label">支付金额</Text>
          <Price fen={receipt.paidFen} size="large" />
        </View>
        <Rows rows={rowsOf(receipt, refundedFen)} />
      </Card>
    </View>
  )
}

function rowsOf(receipt: Verified['receipt'], refundedFen: number): Row[] {
  const lines = receipt.lines.map(({ label, amountFen }) => ({
    label,
    value: <Price fen={amountFen} size="small" />,
  }))
  const rows: (Row | null)[] = [
    ...lines,
    refundedFen > 0 ? { label: '已退款', value: <Price fen={refundedFen} size="small" /> } : null,
    { label: '收款方', value: receipt.payee },
    { label: '付款人', value: receipt.payer },
    { label: '服务', value: receipt.service },
    { label: '时段', value: spanText(receipt.slot.startsAt, receipt.slot.endsAt) },
    { label: '订单号', value: receipt.orderNumber },
    { label: '支付方式', value: methodWords[receipt.method].zh },
    { label: '支付时间', value: `${dateText(receipt.paidAt)} ${clockText(receipt.paidAt)}` },
    receipt.transactionId ? { label: '交易单号', value: receipt.transactionId } : null,
    { label: '验证码', value: spacedCode(receipt.code) },
  ]
  return rows.filter((row): row is Row => row !== null)
}
