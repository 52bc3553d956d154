import { addDays } from '@jiyue/contract/time'
import { Image, Text, View } from '@tarojs/components'
import { Card } from '../../parts/Page.tsx'
import { Stepper } from '../../parts/Stepper.tsx'
import { photo } from '../../parts/useApp.ts'
import type { Booking, BookingState, DateTab } from '../../stores/booking.ts'
import { Calendar } from './Calendar.tsx'
import { Chips } from './Chips.tsx'
import { CoverageCheck } from './CoverageCheck.tsx'
import { DayStrip } from './DayStrip.tsx'
import './picker.scss'
import { SlotGrid } from './SlotGrid.tsx'

const tabs: readonly { value: DateTab; text: string }[] = [
  { value: 'today', text: '今日' },
  { value: 'tomorrow', text: '明日' },
  { value: 'week', text: '未来 7 天' },
  { value: 'custom', text: '自定义日期' },
]

const parts = [
  { value: null, text: '全天' },
  { value: 'morning', text: '上午' },
  { value: 'afternoon', text: '下午' },
  { value: 'evening', text: '晚上' },
] as const

interface PickerProps {
  booking: Booking
  state: BookingState
  now: number
}

/** Where, how many, whom, when: in that order, each only if the service asks it (B2 B3 B6). */
export function Picker({ booking, state, now }: PickerProps) {
  const { service } = state
  const party = service?.party
  return (
    <View>
      {service?.coverage ? (
        <CoverageCheck
          coverage={service.coverage}
          place={state.place}
          onPlace={booking.choosePlace}
        />
      ) : null}
      {party ? (
        <Card title="同行人数" aside={<Stepper {...stepper(party)} />}>
          {null}
        </Card>
      ) : null}
      <Card title="选择时段">
        <Dates booking={booking} state={state} now={now} />
        <StaffFilter booking={booking} state={state} />
        <Chips items={parts} value={state.part} onPick={booking.choosePart} label="时间段" />
        <SlotGrid booking={booking} state={state} now={now} />
      </Card>
    </View>
  )

  function stepper({ min, max }: { min: number; max: number }) {
    return {
      value: state.party,
      min,
      max,
      unit: '人',
      label: '同行人数',
      onChange: booking.chooseParty,
    }
  }
}

function Dates({ booking, state, now }: PickerProps) {
  const today = booking.today()
  return (
    <>
      <Chips items={tabs} value={state.tab} onPick={booking.chooseTab} label="日期" strong />
      {state.tab === 'week' ? (
        <DayStrip
          days={state.days.filter(({ day }) => day >= today && day <= addDays(today, 7))}
          slots={state.slots}
          staffId={state.staffId}
          value={state.day}
          now={now}
          onPick={booking.chooseDay}
        />
      ) : null}
      {state.tab === 'custom' ? (
        <Calendar
          first={today}
          last={booking.lastDay()}
          known={state.days}
          value={state.day}
          onPick={booking.chooseDay}
        />
      ) : null}
    </>
  )
}

function StaffFilter({ booking, state }: Omit<PickerProps, 'now'>) {
  const staff = state.service?.staff ?? []
  if (staff.length === 0) return null
  const chosen = staff.filter((one) => one.id === state.staffId)[0]
  const items = [{ value: null as string | null, text: '不限人员' }].concat(
    staff.map(({ id, name }) => ({ value: id, text: name })),
  )
  return (
    <>
      <Chips items={items} value={state.staffId} onPick={booking.chooseStaff} label="服务人员" />
      {chosen ? (
        <View className="picker__staff">
          {chosen.photo ? (
            <Image className="picker__photo" src={photo(chosen.photo)} mode="aspectFill" />
          ) : null}
          <View className="picker__words">
            <Text className="picker__title">
              {[chosen.title, chosen.rating === null ? null : `${chosen.rating.toFixed(1)} 分`]
                .filter(Boolean)
                .join(' · ')}
            </Text>
            <Text>{chosen.profile}</Text>
          </View>
        </View>
      ) : null}
    </>
  )
}
