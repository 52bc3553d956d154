import { orderStates, orderStateWords } from '@jiyue/contract/order'
import { Radio, Select } from 'antd'
import { useAsk } from '../../asking.ts'
import { AnyDayRange } from '../../parts/DayRange.tsx'
import { SearchText } from '../../parts/SearchText.tsx'
import type { OrderFilter } from '../../paths.ts'

interface FiltersProps {
  filter: OrderFilter
  change: (part: OrderFilter) => void
}

const states = [
  { value: '', label: '全部' },
  ...orderStates.map((state) => ({ value: state, label: orderStateWords[state] })),
]

/** State, days of the slots, service, staff and text. */
export function Filters({ filter, change }: FiltersProps) {
  const services = useAsk('listConsoleServices', {})
  return (
    <search className="filters">
      <Radio.Group
        optionType="button"
        aria-label="订单状态"
        options={states}
        value={filter.state ?? ''}
        onChange={({ target }) => change({ state: target.value || undefined })}
      />
      <Select
        allowClear
        aria-label="服务"
        placeholder="全部服务"
        className="filters-service"
        loading={services.isPending}
        value={filter.service}
        options={services.data?.services.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={(service: string | undefined) => change({ service, staff: undefined })}
      />
      <Select
        allowClear
        aria-label="服务人员"
        placeholder="全部人员"
        className="filters-service"
        loading={services.isPending}
        value={filter.staff}
        options={services.data?.staff
          .filter(({ serviceIds }) => !filter.service || serviceIds.includes(filter.service))
          .map(({ id, name }) => ({ value: id, label: name }))}
        onChange={(staff: string | undefined) => change({ staff })}
      />
      <AnyDayRange
        label="时段日期"
        placeholder={['时段从', '到']}
        from={filter.from}
        to={filter.to}
        onChange={change}
      />
      <SearchText
        text={filter.text ?? ''}
        change={(text) => change({ text })}
        label="搜索订单"
        hint="订单号、姓名、手机号或服务"
      />
    </search>
  )
}
