import { couponText, disruptedMoveRule, fallbackText } from '@jiyue/contract/disruption'
import { price } from '@jiyue/contract/money'
import type { Order } from '@jiyue/contract/schema/wire'
import { Text, View } from '@tarojs/components'
import { useRouter } from '@tarojs/taro'
import { useState } from 'react'
import { pathTo } from '../../lib/paths.ts'
import { Countdown } from '../../parts/Countdown.tsx'
import { Empty } from '../../parts/Empty.tsx'
import { Failed } from '../../parts/Failed.tsx'
import { go } from '../../parts/go.ts'
import { MainButton } from '../../parts/MainButton.tsx'
import { OrderSummary } from '../../parts/OrderSummary.tsx'
import { Card, Columns, Page } from '../../parts/Page.tsx'
import { Problem } from '../../parts/Problem.tsx'
import { BoneLines } from '../../parts/Skeleton.tsx'
import { useAll, useOnce, useSayNext, useWhileShown } from '../../parts/useApp.ts'
import { app } from '../../phone.ts'
import { createMove } from '../../stores/move.ts'
import { ChoiceList } from './ChoiceList.tsx'
import './disruption.scss'
import { MoveSheet } from './MoveSheet.tsx'
import { RefundSheet } from './RefundSheet.tsx'

/** A slot that falls through (M9): why, and the choices: another slot, or all of the money back. */
export default function DisruptionPage() {
  const { params } = useRouter()
  const id = params.id ?? ''
  const sayNext = useSayNext()
  const move = useOnce(() => createMove(app, id))
  const state = useAll(move.store)
  const picker = useAll(move.picker.store)
  const { order, problem, refusal, busy } = useAll(move.order.store)
  const [asking, setAsking] = useState<'move' | 'refund' | null>(null)
  const [going, setGoing] = useState(false)
  useWhileShown(() => move.follow(move.load()))
  const toOrder = () => go.back(pathTo.order(id))

  const { disruption } = order ?? {}
  if (!order || (!disruption && !going)) {
    return (
      <Page onRetry={move.load}>
        {order ? (
          <Empty
            icon="check"
            title="已处理"
            hint="该预约已改期、退款或恢复正常"
            button="查看订单"
            onTap={() => void toOrder()}
          />
        ) : problem ? (
          <Failed problem={problem} onRetry={move.load} />
        ) : (
          <Card>
            <BoneLines widths={['40%', '100%', '60%', '100%']} />
          </Card>
        )}
      </Page>
    )
  }
  const choices = (disruption?.choices ?? []).map(
    (one) => picker.slots.filter((slot) => slot.id === one.id)[0] ?? one,
  )
  const slot = choices.filter((one) => one.id === picker.slotId)[0]
  const { quote } = state

  const confirm = async () => {
    setGoing(true)
    const done = await move.confirm()
    if (!done) {
      setGoing(false)
      // Somebody was faster: what is left stands in the list.
      if (move.picker.store.getState().refusal) setAsking(null)
      return move.order.load()
    }
    if (done.move.state === 'open') return go.instead(pathTo.payment(id, done.move.id))
    sayNext(done.move.state === 'done' ? '改期成功' : '改期未完成，请重新选择')
    await toOrder()
  }
  const refund = async () => {
    setGoing(true)
    if (!(await move.order.cancel())) return setGoing(false)
    sayNext('已取消，全额退款中')
    await toOrder()
  }

  return (
    <Page onRetry={move.load}>
      <Columns
        head={
          <>
            {disruption ? <Why disruption={disruption} onEnd={() => void move.load()} /> : null}
            <OrderSummary order={order} />
          </>
        }
        side={
          <>
            <Card title="改到其他时段">
              <Text className="disruption__text">{disruptedMoveRule}</Text>
              <ChoiceList
                choices={choices}
                order={order}
                chosenId={picker.slotId}
                onPick={(slotId) => void move.choose(slotId)}
              />
              <Problem
                text={
                  picker.refusal?.message ?? (asking === 'move' ? null : state.problem?.message)
                }
              />
              <MainButton
                look="plain"
                text="查看全部时段"
                onTap={() => void go.to(pathTo.move(id))}
              />
            </Card>
            {order.cancelling ? (
              <Card title="全额退款">
                <Text className="disruption__text">
                  {`不收费用，${price(order.cancelling.refundFen)} 原路退回`}
                </Text>
                <MainButton look="plain" text="取消并退款" onTap={() => setAsking('refund')} />
              </Card>
            ) : null}
          </>
        }
        bar={
          <MainButton
            text={slot ? '改到此时段' : '请先选择时段'}
            disabled={!slot || !quote}
            busy={slot !== undefined && !quote && !state.problem && !picker.refusal}
            onTap={() => setAsking('move')}
          />
        }
      />
      {slot && quote ? (
        <MoveSheet
          open={asking === 'move'}
          order={order}
          slot={slot}
          quote={quote}
          state={state}
          onConfirm={() => void confirm()}
          onClose={() => setAsking(null)}
        />
      ) : null}
      <RefundSheet
        open={asking === 'refund'}
        order={order}
        busy={busy}
        problem={refusal?.message ?? null}
        onConfirm={() => void refund()}
        onClose={() => setAsking(null)}
      />
    </Page>
  )
}

interface WhyProps {
  disruption: NonNullable<Order['disruption']>
  /** The time to answer is over. */
  onEnd: () => void
}

/** What happened, what the merchant does about it, and what silence means. */
function Why({ disruption, onEnd }: WhyProps) {
  const { reason, note, coupon, deadlineAt } = disruption
  const over = Date.parse(deadlineAt) <= app.clock.now()
  return (
    <View className="disruption__why">
      <View className="disruption__head">
        <Text className="disruption__title">该时段无法提供服务</Text>
        {over ? null : <Countdown until={deadlineAt} onEnd={onEnd} />}
      </View>
      <Text className="disruption__reason">{`原因：${reason}`}</Text>
      {note ? <Text className="disruption__reason">{note}</Text> : null}
      {coupon ? <Text className="disruption__reason">{couponText(coupon)}</Text> : null}
      <Text className="disruption__rule">{fallbackText(disruption)}</Text>
    </View>
  )
}
