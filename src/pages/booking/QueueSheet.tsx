import { queueText, waitText } from '@jiyue/contract/queue'
import { refusals } from '@jiyue/contract/refusals'
import type { Slot } from '@jiyue/contract/schema/wire'
import { spanText } from '@jiyue/contract/time'
import { Text, View } from '@tarojs/components'
import { slotsInstead } from '../../lib/slots.ts'
import { MainButton } from '../../parts/MainButton.tsx'
import { Problem } from '../../parts/Problem.tsx'
import { Sheet } from '../../parts/Sheet.tsx'
import { Tap } from '../../parts/Tap.tsx'
import type { Queue, QueueState } from '../../stores/queue.ts'
import type { PickerState } from '../../stores/slotPicker.ts'
import './queueSheet.scss'

interface QueueSheetProps {
  open: boolean
  queue: Queue
  state: QueueState
  slots: PickerState
  now: number
  onClose: () => void
}

/** The queue at a peak (T5): where one stands, how long it may take, and the way out. */
export function QueueSheet({ open, queue, state, slots, now, onClose }: QueueSheetProps) {
  const wanted = slots.slots.filter((one) => one.id === state.wish?.slotId)[0] ?? null
  const party = state.wish?.party ?? 1
  if (state.state === 'full') {
    return (
      <Sheet
        open={open}
        title="稍后再来"
        onClose={queue.close}
        foot={<Remind {...{ queue, state }} />}
      >
        <Full state={state} />
      </Sheet>
    )
  }
  const isGone = state.state === 'turn' || (wanted !== null && wanted.left < party)
  const gone = isGone && state.state !== 'trying'
  return (
    <Sheet
      open={open}
      title={titleOf(state, gone)}
      onClose={onClose}
      foot={<MainButton look="plain" text="离开排队" onTap={queue.leave} />}
    >
      {gone ? (
        <Instead
          state={state}
          slots={wanted ? slotsInstead(slots.slots, slots.days, wanted, party, now) : []}
          onPick={queue.choose}
        />
      ) : (
        <Waiting state={state} wanted={wanted} />
      )}
    </Sheet>
  )
}

function titleOf({ state }: QueueState, gone: boolean): string {
  if (gone) return '该时段已约满'
  return state === 'trying' ? '轮到您了' : '正在排队'
}

function Waiting({ state, wanted }: { state: QueueState; wanted: Slot | null }) {
  const { place, firstAhead } = state
  const trying = state.state === 'trying'
  const ahead = place?.ahead ?? 0
  const done = trying ? 1 : firstAhead > 0 ? (firstAhead - ahead) / firstAhead : 0
  const wait = place ? waitText(state.estimateSeconds) : '稍等片刻'
  return (
    <View>
      <View className="queue__place" {...{ role: 'status', 'aria-live': 'polite' }}>
        <Text className="queue__sentence">
          {trying ? '正在为您锁定名额' : place ? queueText(ahead) : '正在查看您的位置'}
        </Text>
        <Text className="queue__wait">{trying ? '请不要离开本页' : wait}</Text>
      </View>
      <View className="queue__track" {...{ 'aria-hidden': true }}>
        <View
          className="queue__done"
          style={{ width: `${Math.max(4, Math.round(done * 100))}%` }}
        />
      </View>
      {state.missed ? <Problem text="轮到您时未能预约，已为您重新排队" /> : null}
      <View className="queue__notes">
        {wanted ? (
          <Text className="queue__note">{`等候时段：${spanText(wanted.startsAt, wanted.endsAt)}`}</Text>
        ) : null}
        <Text className="queue__note">轮到您时自动预约，无需反复点击</Text>
        <Text className="queue__note">断线或退出后回到本页，位置仍在</Text>
      </View>
    </View>
  )
}

/** Sold out while waiting: the place stays, for another slot. */
function Instead(props: { state: QueueState; slots: Slot[]; onPick: (slotId: string) => void }) {
  const { state, slots, onPick } = props
  const turn = state.state === 'turn'
  return (
    <View>
      <Text className="queue__wait">
        {turn
          ? '已经轮到您，请在几分钟内选择其他时段'
          : `${queueText(state.place?.ahead ?? 0)}，换一个时段不用重新排队`}
      </Text>
      {slots.map((slot) => (
        <Tap key={slot.id} className="queue__slot" onTap={() => onPick(slot.id)}>
          <Text>{spanText(slot.startsAt, slot.endsAt)}</Text>
          <Text className="queue__left">{`可约 余${slot.left}`}</Text>
        </Tap>
      ))}
      {slots.length === 0 ? (
        <Text className="queue__none">近期时段都已约满，有名额释放时这里会立即显示</Text>
      ) : null}
    </View>
  )
}

function Full({ state }: { state: QueueState }) {
  const said = {
    none: '人数减少后，我们可以提醒您一次',
    asking: '人数减少后，我们可以提醒您一次',
    sms: '已登记，可以预约时短信通知您',
    unreachable: '已登记；我们没有您的手机号，请稍后回来看看',
  }[state.reminder]
  return (
    <View>
      <View className="queue__place" {...{ role: 'alert' }}>
        <Text className="queue__sentence">{refusals.too_busy.zh}</Text>
        <Text className="queue__wait">{said}</Text>
      </View>
      <Problem text={state.problem?.message} />
    </View>
  )
}

function Remind({ queue, state }: { queue: Queue; state: QueueState }) {
  const { reminder } = state
  if (reminder === 'sms' || reminder === 'unreachable')
    return <MainButton text="知道了" onTap={queue.close} />
  return <MainButton text="预约提醒" busy={reminder === 'asking'} onTap={queue.remind} />
}

/** The place while the sheet is closed, and the way back to it. */
export function QueueBar({ state, onOpen }: { state: QueueState; onOpen: () => void }) {
  const { place } = state
  const ahead = place ? `前方还有 ${place.ahead} 人` : '正在查看您的位置'
  return (
    <View className="queue-bar">
      <View className="queue-bar__text">
        <Text className="queue-bar__label">排队中</Text>
        <Text className="queue-bar__ahead">{state.state === 'waiting' ? ahead : '轮到您了'}</Text>
      </View>
      <MainButton text="查看排队" onTap={onOpen} />
    </View>
  )
}
