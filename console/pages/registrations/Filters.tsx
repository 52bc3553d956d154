import { orderStates, orderStateWords } from '@jiyue/contract/order'
import { paidStates, paidWords } from '@jiyue/contract/registration'
import { Select } from 'antd'
import { useAsk } from '../../asking.ts'
import { AnyDayRange } from '../../parts/DayRange.tsx'
import { SearchText } from '../../parts/SearchText.tsx'
import type { RegistrationView } from '../../paths.ts'

interface FiltersProps {
  view: RegistrationView
  change: (part: RegistrationView) => void
}

/** Held orders have no registration yet. */
const states = orderStates
  .filter((state) => state !== 'held')
  .map((state) => ({ value: state, label: orderStateWords[state] }))
const paids = paidStates.map((paid) => ({ value: paid, label: paidWords[paid] }))
/** Service, days of the slot, state, payment, text. */
export function Filters({ view, change }: FiltersProps) {
  const services = useAsk('listConsoleServices', {})
  return (
    <search className="filters">
      <Select
        allowClear
        aria-label="服务"
        placeholder="全部服务"
        className="filters-service"
        loading={services.isPending}
        value={view.service}
        options={services.data?.services.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={(service: string | undefined) => change({ service })}
      />
      <AnyDayRange
        label="时段日期"
        placeholder={['时段从', '到']}
        from={view.from}
        to={view.to}
        onChange={change}
      />
      <Select
        allowClear
        aria-label="订单状态"
        placeholder="全部状态"
        className="filters-short"
        value={view.state}
        options={states}
        onChange={(state: RegistrationView['state']) => change({ state })}
      />
      <Select
        allowClear
        aria-label="缴费"
        placeholder="缴费不限"
        className="filters-short"
        value={view.paid}
        options={paids}
        onChange={(paid: RegistrationView['paid']) => change({ paid })}
      />
      <SearchText
        text={view.text ?? ''}
        change={(text) => change({ text })}
        label="搜索报名"
        hint="订单号、姓名或手机号"
      />
    </search>
  )
}
