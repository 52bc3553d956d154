import type { Day } from '@jiyue/contract/time'
import { DatePicker } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'

const dayOfPicker = (day: Dayjs | null | undefined): Day | undefined => day?.format('YYYY-MM-DD')

/** A span of days that is always there. */
export function DayRange({
  from,
  to,
  onChange,
}: {
  from: Day
  to: Day
  onChange: (from: Day, to: Day) => void
}) {
  return (
    <DatePicker.RangePicker
      aria-label="日期"
      allowClear={false}
      inputReadOnly
      format="YYYY-MM-DD"
      value={[dayjs(from), dayjs(to)]}
      onChange={(days) => {
        const [first, last] = [dayOfPicker(days?.[0]), dayOfPicker(days?.[1])]
        if (first && last) onChange(first, last)
      }}
    />
  )
}

interface AnyDayRangeProps {
  label: string
  /** What stands in the empty fields. */
  placeholder: [string, string]
  from: Day | undefined
  to: Day | undefined
  onChange: (range: { from: Day | undefined; to: Day | undefined }) => void
}

/** A span of days that a list may be narrowed to, open at either end. */
export function AnyDayRange({ label, placeholder, from, to, onChange }: AnyDayRangeProps) {
  return (
    <DatePicker.RangePicker
      aria-label={label}
      allowEmpty
      inputReadOnly
      format="YYYY-MM-DD"
      placeholder={placeholder}
      value={[from ? dayjs(from) : null, to ? dayjs(to) : null]}
      onChange={(days) => onChange({ from: dayOfPicker(days?.[0]), to: dayOfPicker(days?.[1]) })}
    />
  )
}
