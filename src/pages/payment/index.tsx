import Taro, { useRouter } from '@tarojs/taro'
import { useEffect } from 'react'
import { stepOf } from '../../flow.ts'
import { pathOfStep, pathTo } from '../../lib/paths.ts'
import { Failed } from '../../parts/Failed.tsx'
import { Gone } from '../../parts/Gone.tsx'
import { OrderSummary } from '../../parts/OrderSummary.tsx'
import { Card, Columns, Page } from '../../parts/Page.tsx'
import { ProofCard } from '../../parts/ProofCard.tsx'
import { BoneLines } from '../../parts/Skeleton.tsx'
import { useAll, useLeave, useOnce, useSayNext, useWhileShown } from '../../parts/useApp.ts'
import { app } from '../../phone.ts'
import { createPaymentStore } from '../../stores/payment.ts'
import { Amount } from './Amount.tsx'
import { Methods } from './Methods.tsx'
import { MoveNote } from './MoveNote.tsx'
import { MoveOver } from './MoveOver.tsx'
import { PayBar } from './PayBar.tsx'
import { QuoteCard } from './QuoteCard.tsx'
import { Scan } from './Scan.tsx'
import { Waiting } from './Waiting.tsx'

/** Step 3: what it costs and why, and one button. With `move`: the difference of a move (B9). */
export default function PaymentPage() {
  const { params } = useRouter()
  const moveId = params.move ?? null
  const sayNext = useSayNext()
  const payment = useOnce(() => createPaymentStore(app, params.id ?? '', moveId))
  const state = useAll(payment.store)
  const leave = useLeave()
  const { order, problem, refusal, busy } = useAll(payment.order.store)
  useWhileShown(() => {
    if (moveId) void Taro.setNavigationBarTitle({ title: '补差价' })
    void payment.load()
    return payment.follow()
  })

  const { phase } = state
  const due = payment.due()
  const ending = phase === 'over' ? due?.state : null
  const step = order ? stepOf(order, app.clock.now()).step : null
  useEffect(() => {
    if (!order) return
    if (moveId) {
      if (phase === 'paid') sayNext('改期成功')
      if (phase === 'paid' || ending === 'unknown') leave(pathTo.order(order.id), 'back')
    } else if (phase === 'paid') leave(pathTo.success(order.id))
    else if (step === 'registration') leave(pathOfStep(step, order, false))
    else if (phase === 'over' && order.refunds.length > 0) leave(pathTo.order(order.id))
  }, [order, phase, step, moveId, ending, leave, sayNext])

  if (!order || !due) {
    return (
      <Page onRetry={payment.load}>
        {problem ? (
          <Failed problem={problem} onRetry={payment.load} />
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
      <Page onRetry={payment.load}>
        <Columns
          head={<OrderSummary order={order} />}
          side={
            <>
              {moveId ? <MoveOver order={order} /> : <Gone order={order} />}
              <ProofCard order={order} />
            </>
          }
        />
      </Page>
    )
  }
  const giveUp = async () => {
    if (!moveId || !(await payment.order.giveUpMove(moveId))) return
    sayNext('已放弃改期，原预约不变')
    leave(pathTo.order(order.id), 'back')
  }
  const asking = phase === 'choosing' || phase === 'opening' || phase === 'wallet'
  return (
    <Page onRetry={payment.load}>
      <Columns
        head={
          <>
            <Amount due={due} onEnd={() => void payment.load()} />
            {due.move ? (
              <MoveNote
                order={order}
                move={due.move}
                busy={busy}
                problem={refusal?.message ?? null}
                onGiveUp={() => void giveUp()}
              />
            ) : (
              <QuoteCard quote={order.quote} />
            )}
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
        more={
          <>
            <ProofCard order={order} />
            <OrderSummary order={order} />
          </>
        }
        bar={asking ? <PayBar due={due} payment={payment} state={state} /> : undefined}
      />
    </Page>
  )
}
