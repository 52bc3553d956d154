import { addDays } from '@jiyue/contract/time'
import type { DateTab, PickerState, SlotPicker } from '../../stores/slotPicker.ts'
import { Calendar } from './Calendar.tsx'
import { Chips } from './Chips.tsx'
import { DayStrip } from './DayStrip.tsx'

const tabs: readonly { value: DateTab; text: string }[] = [
  { value: 'today', text: '今日' },
  { value: 'tomorrow', text: '明日' },
  { value: 'week', text: '未来 7 天' },
  { value: 'custom', text: '自定义日期' },
]

interface DatesProps {
  picker: SlotPicker
  state: PickerState
  now: number
}

/** Which day: the near ones at a tap, the coming week in a row, any other in a calendar (B2). */
export function Dates({ picker, state, now }: DatesProps) {
  const today = picker.today()
  return (
    <>
      <Chips items={tabs} value={state.tab} onPick={picker.chooseTab} label="日期" strong />
      {state.tab === 'week' ? (
        <DayStrip
          days={state.days.filter(({ day }) => day >= today && day <= addDays(today, 7))}
          slots={state.slots}
          staffId={state.staffId}
          value={state.day}
          now={now}
          onPick={picker.chooseDay}
        />
      ) : null}
      {state.tab === 'custom' ? (
        <Calendar
          first={today}
          last={picker.lastDay()}
          known={state.days}
          value={state.day}
          onPick={picker.chooseDay}
        />
      ) : null}
    </>
  )
}
