import { slotReasons } from '@jiyue/contract/booking'
import { clockText } from '@jiyue/contract/time'
import { Text, View } from '@tarojs/components'
import { type SeenSlot, slotsByPart } from '../../lib/slots.ts'
import { Icon, type IconName } from '../../parts/Icon.tsx'
import { Bone } from '../../parts/Skeleton.tsx'
import { Tap } from '../../parts/Tap.tsx'
import { type Booking, type BookingState, splitFor } from '../../stores/booking.ts'
import './slotGrid.scss'
import { SplitHint } from './SplitHint.tsx'

interface SlotGridProps {
  booking: Booking
  state: BookingState
  now: number
}

/** The slots of a day. Colour, sign and word say the same thing (B2). */
export function SlotGrid({ booking, state, now }: SlotGridProps) {
  if (state.readDays.indexOf(state.day) < 0) return <SlotBones />
  const info = state.days.filter((one) => one.day === state.day)[0]
  const groups = slotsByPart(state.slots, state, info, now)
  const split = splitFor(state, now)
  return (
    <View>
      {info?.name ? <Text className="slots__holiday">{`当日为${info.name}`}</Text> : null}
      {groups.length === 0 ? <NoSlots state={state} /> : null}
      {groups.map(({ id, zh, slots }) => (
        <View key={id}>
          <Text className="slots__part">{zh}</Text>
          <View className="slots__grid">
            {slots.map((one) => (
              <SlotTile
                key={one.slot.id}
                seen={one}
                staffName={state.staffId ? null : staffName(state, one)}
                chosen={one.slot.id === state.slotId}
                onTap={() => booking.chooseSlot(one.slot.id)}
              />
            ))}
          </View>
        </View>
      ))}
      {split ? <SplitHint slots={split} onPick={booking.chooseSlot} /> : null}
      {state.refusal ? (
        <View className="slots__refusal" {...{ role: 'alert' }}>
          <Icon name="info" />
          <Text className="slots__sentence">{state.refusal.message}</Text>
        </View>
      ) : null}
    </View>
  )
}

const icons: Record<SeenSlot['status']['colour'], IconName> = {
  green: 'check',
  red: 'cross',
  grey: 'ban',
}

function SlotTile(props: {
  seen: SeenSlot
  staffName: string | null
  chosen: boolean
  onTap: () => void
}) {
  const { slot, status } = props.seen
  const time = `${clockText(slot.startsAt)}–${clockText(slot.endsAt)}`
  const word =
    status.colour === 'grey'
      ? slotReasons[status.reason]
      : status.colour === 'green'
        ? `${status.word} 余${slot.left}`
        : status.word
  return (
    <Tap
      role="radio"
      chosen={props.chosen}
      disabled={status.colour !== 'green'}
      label={`${time} ${status.word} ${word} ${props.staffName ?? ''}`}
      className={`slots__tile slots__tile--${status.colour} ${props.chosen ? 'slots__tile--on' : ''}`}
      onTap={props.onTap}
    >
      <Text className="slots__time">{time}</Text>
      <View className="slots__state">
        <Icon name={icons[status.colour]} size={12} />
        <Text className="slots__word">{word}</Text>
      </View>
      {props.staffName ? <Text className="slots__staff">{props.staffName}</Text> : null}
    </Tap>
  )
}

function NoSlots({ state }: { state: BookingState }) {
  const narrowed = state.part !== null || state.staffId !== null
  return (
    <View className="slots__none">
      <Icon name="calendar" size={28} />
      <Text className="slots__sentence">
        {narrowed
          ? '没有符合条件的时段，试试「全天」或「不限人员」'
          : '当日没有时段，请选择其他日期'}
      </Text>
    </View>
  )
}

function SlotBones() {
  return (
    <View className="slots__grid" {...{ 'aria-label': '加载中', role: 'status' }}>
      {[0, 1, 2, 3, 4, 5].map((key) => (
        <Bone key={key} height={60} />
      ))}
    </View>
  )
}

function staffName(state: BookingState, { slot }: SeenSlot): string | null {
  return state.service?.staff.filter((one) => one.id === slot.staffId)[0]?.name ?? null
}
