import type { PartyPart } from '@jiyue/contract/group'
import type { Wait } from '@jiyue/contract/schema/waits'
import type { Service, Slot } from '@jiyue/contract/schema/wire'
import { Text, View } from '@tarojs/components'
import { slotsByPart } from '../../lib/slots.ts'
import { Icon } from '../../parts/Icon.tsx'
import { Problem } from '../../parts/Problem.tsx'
import { Bone } from '../../parts/Skeleton.tsx'
import { type PickerState, splitFor } from '../../stores/slotPicker.ts'
import { waitOf } from '../../stores/waits.ts'
import { SlotTile } from './SlotTile.tsx'
import './slotGrid.scss'
import { SplitHint } from './SplitHint.tsx'

interface SlotGridProps {
  state: PickerState
  service: Service | null
  party: number
  now: number
  currentId?: string
  onPick: (slotId: string) => void
  onWait?: ((slotId: string) => void) | undefined
  onGroup?: ((parts: PartyPart<Slot>[]) => void) | undefined
  waits?: readonly Wait[]
}

/** The slots of a day under their parts, and what is to be said about the chosen one (B2 B6). */
export function SlotGrid(props: SlotGridProps) {
  const { state, service, party, now, currentId, onPick, onWait, onGroup, waits = [] } = props
  if (state.readDays.indexOf(state.day) < 0) return <SlotBones />
  const info = state.days.filter((one) => one.day === state.day)[0]
  const groups = slotsByPart(state.slots, state, info, now)
  // An order that moves goes whole: several slots would be several orders.
  const split = currentId ? null : splitFor(state, party, service, now)
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
                usualFen={service?.priceFen ?? one.slot.priceFen}
                staffName={state.staffId ? null : staffName(service, one.slot.staffId)}
                current={one.slot.id === currentId}
                chosen={one.slot.id === state.slotId}
                wait={waitOf(waits, one.slot.id)}
                onTap={() => onPick(one.slot.id)}
                {...(onWait && { onWait: () => onWait(one.slot.id) })}
              />
            ))}
          </View>
        </View>
      ))}
      {split ? <SplitHint split={split} onPick={onPick} onGroup={onGroup} onWait={onWait} /> : null}
      <Problem text={state.refusal?.message} />
    </View>
  )
}

function NoSlots({ state }: { state: PickerState }) {
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

function staffName(service: Service | null, staffId: string | null): string | null {
  return service?.staff.filter((one) => one.id === staffId)[0]?.name ?? null
}
