import { useRouter } from '@tarojs/taro'
import { useEffect } from 'react'
import { stepOf } from '../../flow.ts'
import { pathOfStep, pathTo } from '../../lib/paths.ts'
import { Failed } from '../../parts/Failed.tsx'
import { Gone } from '../../parts/Gone.tsx'
import { OrderSummary } from '../../parts/OrderSummary.tsx'
import { Card, Columns, Page } from '../../parts/Page.tsx'
import { BoneLines } from '../../parts/Skeleton.tsx'
import { useAll, useLeave, useOnce, useWhileShown } from '../../parts/useApp.ts'
import { app } from '../../phone.ts'
import { createPaymentStore } from '../../stores/payment.ts'
import { Amount } from './Amount.tsx'
import { Methods } from './Methods.tsx'
import { PayBar } from './PayBar.tsx'
import { QuoteCard } from './QuoteCard.tsx'
import { Scan } from './Scan.tsx'
import { Waiting } from './Waiting.tsx'

/** Step 3: what it costs and why, and one button. */
export default function PaymentPage() {
  const { params } = useRouter()
  const payment = useOnce(() => createPaymentStore(app, params.id ?? ''))
  const state = useAll(payment.store)
  const leave = useLeave()
  const { order, problem } = useAll(payment.order.store)
  const load = () => payment.load(params.back === '1')
  useWhileShown(() => {
    void load()
    return payment.follow()
  })

  const { phase } = state
  const step = order ? stepOf(order, app.clock.now()).step : null
  useEffect(() => {
    if (!order) return
    if (phase === 'paid') leave(pathTo.success(order.id))
    else if (step === 'registration') {
      leave(pathOfStep(step, order, false))
    } else if (phase === 'over' && order.refunds.length > 0) {
      leave(pathTo.order(order.id))
    }
  }, [order, phase, step, leave])

  if (!order) {
    return (
      <Page onRetry={load}>
        {problem ? (
          <Failed problem={problem} onRetry={load} />
        ) : (
          <Card>
            <BoneLines widths={['30%', '60%', '100%', '100%', '100%']} />
          </Card>
        )}
      </Page>
    )
  }
  if (phase === 'over') {
    return (
      <Page onRetry={load}>
        <Columns head={<OrderSummary order={order} />} side={<Gone order={order} />} />
      </Page>
    )
  }
  const asking = phase === 'choosing' || phase === 'opening' || phase === 'wallet'
  return (
    <Page onRetry={load}>
      <Columns
        head={
          <>
            <Amount order={order} onEnd={() => void load()} />
            <QuoteCard quote={order.quote} />
          </>
        }
        side={
          phase === 'scanning' && state.codeUrl ? (
            <Scan payment={payment} state={state} codeUrl={state.codeUrl} />
          ) : phase === 'waiting' ? (
            <Waiting payment={payment} />
          ) : (
            <Methods payment={payment} state={state} />
          )
        }
        more={<OrderSummary order={order} />}
        bar={asking ? <PayBar order={order} payment={payment} state={state} /> : undefined}
      />
    </Page>
  )
}
