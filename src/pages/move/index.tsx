import { useRouter } from '@tarojs/taro'
import { useEffect, useState } from 'react'
import { pathTo } from '../../lib/paths.ts'
import { Failed } from '../../parts/Failed.tsx'
import { go } from '../../parts/go.ts'
import { Card, Columns, Page } from '../../parts/Page.tsx'
import { Problem } from '../../parts/Problem.tsx'
import { BoneLines } from '../../parts/Skeleton.tsx'
import { useAll, useLeave, useNow, useOnce, useSayNext, useWhileShown } from '../../parts/useApp.ts'
import { app } from '../../phone.ts'
import { createMove } from '../../stores/move.ts'
import { chosenSlot } from '../../stores/slotPicker.ts'
import { SlotCard } from '../booking/SlotCard.tsx'
import { MoveBar } from './MoveBar.tsx'
import { MoveHead } from './MoveHead.tsx'
import { MoveSheet } from './MoveSheet.tsx'

/** Another slot for an order that stands (B9). */
export default function MovePage() {
  const { params } = useRouter()
  const sayNext = useSayNext()
  const move = useOnce(() => createMove(app, params.id ?? ''))
  const state = useAll(move.store)
  const slots = useAll(move.picker.store)
  const { order, problem } = useAll(move.order.store)
  const now = useNow(10_000)
  const [confirming, setConfirming] = useState(false)
  const [going, setGoing] = useState(false)
  const leave = useLeave()
  useWhileShown(() => move.follow(move.load()))

  // Over, cancelled, or a move waits for its money already: the order's page says how it is.
  const stays = order !== null && ((order.movable && !order.openMove) || going)
  useEffect(() => {
    if (order && !stays) leave(pathTo.order(order.id), 'back')
  }, [order, stays, leave])

  if (!order || !stays) {
    return (
      <Page onRetry={move.load}>
        {problem && !order ? (
          <Failed problem={problem} onRetry={move.load} />
        ) : (
          <Card>
            <BoneLines widths={['40%', '70%', '100%', '100%']} />
          </Card>
        )}
      </Page>
    )
  }
  const slot = chosenSlot(slots)
  const confirm = async () => {
    // From here on this page decides where it goes, not what the order became.
    setGoing(true)
    const done = await move.confirm()
    if (!done) {
      setGoing(false)
      // A slot that went is said beside the slots; anything else in the sheet.
      if (move.picker.store.getState().refusal) setConfirming(false)
      return
    }
    if (done.move.state === 'open') return go.instead(pathTo.payment(order.id, done.move.id))
    sayNext(done.move.state === 'done' ? '改期成功' : '改期未完成，原预约不变')
    await go.back(pathTo.order(order.id))
  }
  return (
    <Page onRetry={move.load}>
      <Columns
        head={<MoveHead order={order} />}
        side={
          <>
            <SlotCard
              title="选择新时段"
              picker={move.picker}
              state={slots}
              service={state.service}
              party={order.party}
              now={now}
              currentId={order.slot.id}
              onPick={(slotId) => void move.choose(slotId)}
            />
            <Problem text={confirming ? null : state.problem?.message} />
          </>
        }
        bar={
          <MoveBar
            order={order}
            state={state}
            slots={slots}
            now={now}
            onNext={() => setConfirming(true)}
          />
        }
      />
      {slot && state.quote ? (
        <MoveSheet
          open={confirming}
          order={order}
          slot={slot}
          quote={state.quote}
          state={state}
          onConfirm={confirm}
          onClose={() => setConfirming(false)}
        />
      ) : null}
    </Page>
  )
}
