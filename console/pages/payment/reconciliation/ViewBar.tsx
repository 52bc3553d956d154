import { type Day, dayOf } from '@jiyue/contract/time'
import { DatePicker, Segmented, Select } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import { useAsk } from '../../../asking.ts'
import { serverNow } from '../../../clock.ts'
import type { Per } from '../../../paths.ts'
import { longestDays, perWords, presets } from './periods.ts'
import type { View } from './useReconciliationView.ts'

/** By what, which days, which service. */
export function ViewBar({ view }: { view: View }) {
  const services = useAsk('listConsoleServices', {})
  const { per, from, to, service, change } = view
  const today = dayOf(serverNow())
  return (
    <search className="filters">
      <Segmented<Per>
        aria-label="周期"
        value={per}
        options={(Object.keys(perWords) as Per[]).map((value) => ({
          value,
          label: perWords[value],
        }))}
        // Another period shows its own range: seven days by month would be one line.
        onChange={(chosen) => change({ per: chosen, from: undefined, to: undefined })}
      />
      <DatePicker.RangePicker
        aria-label="日期范围"
        className="filters-range"
        allowClear={false}
        inputReadOnly
        format="YYYY-MM-DD"
        value={[dayjs(from), dayjs(to)]}
        disabledDate={(day: Dayjs, { from: first }) =>
          dayOfPicker(day) > today ||
          (first !== undefined && Math.abs(day.diff(first, 'day')) >= longestDays)
        }
        presets={presets(serverNow()).map(({ label, days: [first, last] }) => ({
          label,
          value: [dayjs(first), dayjs(last)],
        }))}
        onChange={(days) => {
          if (days?.[0] && days[1]) change({ from: dayOfPicker(days[0]), to: dayOfPicker(days[1]) })
        }}
      />
      <Select
        allowClear
        aria-label="服务"
        placeholder="全部服务"
        className="filters-service"
        loading={services.isPending}
        value={service}
        options={services.data?.services.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={(chosen: string | undefined) => change({ service: chosen })}
      />
    </search>
  )
}

const dayOfPicker = (day: Dayjs): Day => day.format('YYYY-MM-DD')
