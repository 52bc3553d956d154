import type { DayInfo } from '@jiyue/contract/booking'
import { addDays, type Day, instantOf, wallClock } from '@jiyue/contract/time'
import { Text, View } from '@tarojs/components'
import { Tap } from '../../parts/Tap.tsx'
import './calendar.scss'

interface CalendarProps {
  first: Day
  last: Day
  /** Names of holidays, as far as they were read. */
  known: readonly DayInfo[]
  value: Day
  onPick: (day: Day) => void
}

const heads = ['一', '二', '三', '四', '五', '六', '日'] as const

/** The days that may be booked, week under week. A month of rows needs no month to leaf through. */
export function Calendar({ first, last, known, value, onPick }: CalendarProps) {
  return (
    <View className="calendar">
      <View className="calendar__week">
        {heads.map((head) => (
          <Text key={head} className="calendar__head">
            {head}
          </Text>
        ))}
      </View>
      {weeks(first, last).map((week) => (
        <View key={week[0]} className="calendar__week">
          {week.map((day) => (
            <CalendarDay
              key={day}
              day={day}
              name={known.filter((one) => one.day === day)[0]?.name ?? null}
              chosen={day === value}
              outside={day < first || day > last}
              newMonth={day === first || day.slice(8) === '01'}
              onPick={onPick}
            />
          ))}
        </View>
      ))}
    </View>
  )
}

function CalendarDay(props: {
  day: Day
  name: string | null
  chosen: boolean
  outside: boolean
  newMonth: boolean
  onPick: (day: Day) => void
}) {
  const { month, date } = wallClock(instantOf(props.day))
  if (props.outside) {
    return <Text className="calendar__day calendar__day--outside">{date}</Text>
  }
  return (
    <Tap
      role="radio"
      chosen={props.chosen}
      className={`calendar__day ${props.chosen ? 'calendar__day--on' : ''}`}
      label={`${month}月${date}日 ${props.name ?? ''}`}
      onTap={() => props.onPick(props.day)}
    >
      <Text className="calendar__date">{date}</Text>
      <Text className="calendar__name">{props.name ?? (props.newMonth ? `${month}月` : '')}</Text>
    </Tap>
  )
}

/** Whole weeks from Monday on that cover the days. */
function weeks(first: Day, last: Day): Day[][] {
  const back = (wallClock(instantOf(first)).weekday + 6) % 7
  const rows: Day[][] = []
  for (let monday = addDays(first, -back); monday <= last; monday = addDays(monday, 7)) {
    rows.push(heads.map((_, at) => addDays(monday, at)))
  }
  return rows
}
