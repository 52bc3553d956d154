import type { DayInfo } from '@jiyue/contract/booking'
import type { Slot } from '@jiyue/contract/schema/wire'
import { type Day, instantOf, wallClock } from '@jiyue/contract/time'
import { ScrollView, Text, View } from '@tarojs/components'
import { countOpen } from '../../lib/slots.ts'
import { Tap } from '../../parts/Tap.tsx'
import './dayStrip.scss'

interface DayStripProps {
  days: readonly DayInfo[]
  slots: readonly Slot[]
  staffId: string | null
  value: Day
  now: number
  onPick: (day: Day) => void
}

const weekdays = ['周日', '周一', '周二', '周三', '周四', '周五', '周六'] as const

/** The next days in a row, with the name of a holiday and how much is still free. */
export function DayStrip({ days, slots, staffId, value, now, onPick }: DayStripProps) {
  return (
    <ScrollView scrollX className="strip" {...{ 'aria-label': '日期' }}>
      <View className="strip__row">
        {days.map((info) => {
          const at = wallClock(instantOf(info.day))
          const free = countOpen(slots, info, now, staffId)
          const foot = info.name ?? (free > 0 ? `${free} 个可约` : '不可约')
          return (
            <Tap
              key={info.day}
              role="radio"
              chosen={info.day === value}
              className={`strip__day ${info.day === value ? 'strip__day--on' : ''} ${free > 0 ? '' : 'strip__day--none'}`}
              label={`${at.month}月${at.date}日 ${foot}`}
              onTap={() => onPick(info.day)}
            >
              <Text className="strip__week">{weekdays[at.weekday]}</Text>
              <Text className="strip__date">{`${at.month}/${at.date}`}</Text>
              <Text className="strip__foot">{foot}</Text>
            </Tap>
          )
        })}
      </View>
    </ScrollView>
  )
}
