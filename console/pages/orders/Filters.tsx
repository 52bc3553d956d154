import { orderStates, orderStateWords } from '@jiyue/contract/order'
import { Radio, Select } from 'antd'
import { useAsk } from '../../asking.ts'
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

/** State, service and text. */
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
        onChange={(service: string | undefined) => change({ service })}
      />
      <SearchText
        text={filter.text ?? ''}
        change={(text) => change({ text })}
        label="搜索订单"
        hint="订单号或服务名"
      />
    </search>
  )
}
