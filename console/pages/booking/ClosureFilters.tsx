import { weekdayWords } from '@jiyue/contract/schedule'
import type { Reply } from '@jiyue/contract/schema/wire'
import { addDays } from '@jiyue/contract/time'
import { Checkbox, Select } from 'antd'
import { asOption } from '../../asOption.ts'
import { DayRange } from '../../parts/DayRange.tsx'
import type { ClosureChoice } from './closureChoice.ts'

/** As many days as the server lists slots of. */
const mostDays = 31

const weekdays = [1, 2, 3, 4, 5, 6, 0].map((value) => ({
  value,
  label: weekdayWords[value],
}))

interface ClosureFiltersProps {
  choice: ClosureChoice
  choices: Reply<'listConsoleServices'>
  change: (part: Partial<ClosureChoice>) => void
}

/** Days, days of the week, service and staff. */
export function ClosureFilters({ choice, choices, change }: ClosureFiltersProps) {
  const { from, to, service, staff } = choice
  return (
    <search className="filters closures-filters">
      <DayRange
        from={from}
        to={to}
        onChange={(first, last) => {
          const most = addDays(first, mostDays - 1)
          change({ from: first, to: last > most ? most : last })
        }}
      />
      <Select
        allowClear
        aria-label="服务"
        placeholder="全部服务"
        className="filters-service"
        value={service}
        options={choices.services.map(asOption)}
        onChange={(value: string | undefined) => change({ service: value, staff: undefined })}
      />
      <Select
        allowClear
        aria-label="服务人员"
        placeholder="全部人员"
        className="filters-service"
        value={staff}
        options={choices.staff
          .filter(({ serviceIds }) => !service || serviceIds.includes(service))
          .map(asOption)}
        onChange={(value: string | undefined) => change({ staff: value })}
      />
      <Checkbox.Group
        options={weekdays}
        value={[...choice.weekdays]}
        onChange={(days) => change({ weekdays: days })}
      />
    </search>
  )
}
