import { takesSeat } from '@jiyue/contract/order'
import { methodWords } from '@jiyue/contract/payment'
import type { Order } from '@jiyue/contract/schema/wire'
import { clockText, dateText } from '@jiyue/contract/time'
import { Text, View } from '@tarojs/components'
import { useRouter } from '@tarojs/taro'
import { useEffect } from 'react'
import { pathTo, tabs } from '../../lib/paths.ts'
import { ConsentCard } from '../../parts/ConsentCard.tsx'
import { Failed } from '../../parts/Failed.tsx'
import { go } from '../../parts/go.ts'
import { Icon } from '../../parts/Icon.tsx'
import { MainButton } from '../../parts/MainButton.tsx'
import { OrderSummary } from '../../parts/OrderSummary.tsx'
import { Card, Columns, Page } from '../../parts/Page.tsx'
import { Price } from '../../parts/Price.tsx'
import { ReceiptButton } from '../../parts/ReceiptButton.tsx'
import { type Row, Rows } from '../../parts/Rows.tsx'
import { BoneLines } from '../../parts/Skeleton.tsx'
import { useAll, useLeave, useOnce, useWhileShown } from '../../parts/useApp.ts'
import { app } from '../../phone.ts'
import { createOrderStore } from '../../stores/order.ts'
import './success.scss'

/** The receipt, once the server has seen the money (P9); an order that does not stand has none. */
export default function PaymentSuccess() {
  const { params } = useRouter()
  const one = useOnce(() => createOrderStore(app, params.id ?? ''))
  const { order, problem } = useAll(one.store)
  useWhileShown(() => {
    void one.load()
    return one.follow()
  })
  // An address that was kept, or the way back after cancelling: the order's own page says how it is.
  const leave = useLeave()
  const stands = order !== null && takesSeat[order.state] === 'always'
  useEffect(() => {
    if (order && !stands) leave(pathTo.order(order.id))
  }, [order, stands, leave])
  if (!order || !stands) {
    return (
      <Page onRetry={one.load}>
        {problem ? (
          <Failed problem={problem} onRetry={one.load} />
        ) : (
          <Card>
            <BoneLines widths={['40%', '60%', '100%', '100%']} />
          </Card>
        )}
      </Page>
    )
  }
  return (
    <Page onRetry={one.load}>
      <Columns
        head={<Receipt order={order} />}
        side={
          <>
            <OrderSummary order={order} />
            <ConsentCard />
            <NextSteps order={order} />
          </>
        }
        bar={
          <View className="success__buttons">
            <MainButton look="plain" text="返回首页" onTap={() => go.tab(tabs.home)} />
            <MainButton text="查看订单" onTap={() => go.instead(pathTo.order(order.id))} />
          </View>
        }
      />
    </Page>
  )
}

function Receipt({ order }: { order: Order }) {
  const { payment } = order
  const paid = payment?.state === 'succeeded'
  return (
    <View className="success">
      <View className="success__disc">
        <Icon name="check" size={36} />
      </View>
      <Text className="success__title">{paid ? '缴费成功' : '预约成功'}</Text>
      {paid ? <Price fen={payment.amountFen} size="large" /> : null}
      <View className="success__rows">
        <Rows rows={receiptRows(order)} />
      </View>
      {paid && payment.amountFen > 0 ? (
        <View className="success__receipt">
          <ReceiptButton orderId={order.id} />
        </View>
      ) : null}
    </View>
  )
}

function receiptRows(order: Order): Row[] {
  const { payment } = order
  if (payment?.state !== 'succeeded') return [{ label: '金额', value: '无需支付' }]
  const rows: (Row | null)[] = [
    payment.paidAt
      ? { label: '支付时间', value: `${dateText(payment.paidAt)} ${clockText(payment.paidAt)}` }
      : null,
    payment.method ? { label: '支付方式', value: methodWords[payment.method].zh } : null,
    payment.transactionId ? { label: '交易单号', value: payment.transactionId } : null,
    { label: '收款方', value: order.payee },
  ]
  return rows.filter((row): row is Row => row !== null)
}

function NextSteps({ order }: { order: Order }) {
  const steps = [
    order.branch
      ? `按时到店：${order.branch.name}，${order.branch.address}`
      : '请保持电话畅通，商家会在开始前与您联系',
    '开始前我们会提醒您，可在订单中随时查看',
    order.cancelRule,
  ]
  return (
    <Card title="接下来">
      {steps.map((step, at) => (
        <View key={step} className="success__step">
          <Text className="success__number">{at + 1}</Text>
          <Text className="success__text">{step}</Text>
        </View>
      ))}
    </Card>
  )
}
