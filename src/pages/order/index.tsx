import Taro, { useRouter } from '@tarojs/taro'
import { useState } from 'react'
import { clockOf, stepOf } from '../../flow.ts'
import { pathOfStep } from '../../lib/paths.ts'
import { ConsentCard } from '../../parts/ConsentCard.tsx'
import { Failed } from '../../parts/Failed.tsx'
import { go } from '../../parts/go.ts'
import { HoldStrip } from '../../parts/HoldStrip.tsx'
import { MainButton } from '../../parts/MainButton.tsx'
import { OrderSummary } from '../../parts/OrderSummary.tsx'
import { Card, Columns, Page } from '../../parts/Page.tsx'
import { ProofCard } from '../../parts/ProofCard.tsx'
import { Rows } from '../../parts/Rows.tsx'
import { BoneLines } from '../../parts/Skeleton.tsx'
import { say, useAll, useNow, useOnce, useWhileShown } from '../../parts/useApp.ts'
import { app } from '../../phone.ts'
import { createOrderStore } from '../../stores/order.ts'
import { AttendanceCard } from './AttendanceCard.tsx'
import { CancelSheet } from './CancelSheet.tsx'
import { ChangeCard } from './ChangeCard.tsx'
import { CheckInCard } from './CheckInCard.tsx'
import { DisruptionCard } from './DisruptionCard.tsx'
import { Money } from './Money.tsx'
import { MoveCard } from './MoveCard.tsx'
import { NudgeCard } from './NudgeCard.tsx'
import { StateHead } from './StateHead.tsx'

/** One order: where it stands, what comes next, what was answered and paid, and the way out. */
export default function OrderPage() {
  const { params } = useRouter()
  const one = useOnce(() => createOrderStore(app, params.id ?? ''))
  const { order, problem, refusal, busy } = useAll(one.store)
  const now = useNow(5_000)
  const [cancelling, setCancelling] = useState(false)
  useWhileShown(() => {
    void one.load()
    return one.follow()
  })
  const cancel = async () => {
    const done = await one.cancel()
    setCancelling(false)
    if (!done) return
    say('已取消预约')
    await Taro.pageScrollTo({ scrollTop: 0 })
  }
  const giveUpMove = async (moveId: string) => {
    if (await one.giveUpMove(moveId)) say('已放弃改期，原预约不变')
  }

  if (!order) {
    return (
      <Page onRetry={one.load}>
        {problem ? (
          <Failed problem={problem} onRetry={one.load} />
        ) : (
          <Card>
            <BoneLines widths={['40%', '70%', '100%', '100%', '60%']} />
          </Card>
        )}
      </Page>
    )
  }
  const { step, button, state } = stepOf(order, now)
  const until = state === order.state ? clockOf(order) : null
  const reviewing = order.proof?.state === 'submitted'
  return (
    <Page onRetry={one.load}>
      <Columns
        head={
          <>
            <StateHead order={order} now={now} />
            {until ? (
              <HoldStrip
                until={until}
                label={state === 'held' || reviewing ? '名额已为您保留' : '价格已锁定，请尽快缴费'}
                onEnd={() => void one.load()}
              />
            ) : null}
            {order.openMove ? (
              <MoveCard
                order={order}
                move={order.openMove}
                busy={busy}
                onGiveUp={() => void giveUpMove(order.openMove?.id ?? '')}
                onEnd={() => void one.load()}
              />
            ) : null}
            <DisruptionCard order={order} />
            <NudgeCard order={order} />
            {order.attendance && order.cancelling ? (
              <AttendanceCard
                order={order}
                busy={busy}
                problem={refusal?.message ?? null}
                onConfirm={() => void one.confirmAttendance()}
                onCancel={() => setCancelling(true)}
              />
            ) : null}
            <ProofCard order={order} />
            <OrderSummary order={order} />
            {state === 'confirmed' && !order.disruption ? <CheckInCard orderId={order.id} /> : null}
            {state === 'confirmed' ? <ConsentCard /> : null}
          </>
        }
        side={
          <>
            <Money order={order} />
            {order.answers.length > 0 ? (
              <Card title="报名信息">
                <Rows rows={order.answers.map(({ label, text }) => ({ label, value: text }))} />
              </Card>
            ) : null}
          </>
        }
        more={
          order.cancelling ? (
            <ChangeCard
              order={order}
              cancelling={order.cancelling}
              problem={refusal?.message ?? null}
              onCancel={() => setCancelling(true)}
            />
          ) : null
        }
        bar={
          button ? (
            <MainButton
              text={button}
              // Who says to have paid is not asked to pay again.
              look={reviewing ? 'plain' : 'main'}
              onTap={() => go.instead(pathOfStep(step, order, state === 'expired'))}
            />
          ) : undefined
        }
      />
      {order.cancelling ? (
        <CancelSheet
          open={cancelling}
          order={order}
          cancelling={order.cancelling}
          busy={busy}
          onCancel={cancel}
          onClose={() => setCancelling(false)}
        />
      ) : null}
    </Page>
  )
}
