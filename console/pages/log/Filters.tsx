import { actNames, actWords, objectWords } from '@jiyue/contract/acts'
import { Select, Tag } from 'antd'
import { AnyDayRange } from '../../parts/DayRange.tsx'
import { SearchText } from '../../parts/SearchText.tsx'
import type { LogView } from '../../paths.ts'

interface FiltersProps {
  view: LogView
  change: (part: LogView) => void
  people: readonly { id: string; name: string }[]
}

const actions = actNames.map((value) => ({ value, label: actWords[value] }))
const objects = Object.entries(objectWords).map(([value, label]) => ({ value, label }))
/** Who, what they did, to what, when, and any text. */
export function Filters({ view, change, people }: FiltersProps) {
  return (
    <search className="filters">
      <Select
        allowClear
        aria-label="员工"
        placeholder="全部员工"
        className="filters-service"
        value={view.person}
        options={people.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={(person: string | undefined) => change({ person })}
      />
      <Select
        allowClear
        showSearch={{ optionFilterProp: 'label' }}
        aria-label="操作"
        placeholder="全部操作"
        className="filters-service"
        value={view.action}
        options={actions}
        onChange={(action: string | undefined) => change({ action })}
      />
      <Select
        allowClear
        aria-label="对象"
        placeholder="全部对象"
        className="filters-short"
        value={view.object}
        options={objects}
        onChange={(object: string | undefined) => change({ object, key: undefined })}
      />
      <AnyDayRange
        label="日期"
        placeholder={['日期从', '到']}
        from={view.from}
        to={view.to}
        onChange={change}
      />
      <SearchText
        text={view.text ?? ''}
        change={(text) => change({ text })}
        label="搜索操作记录"
        hint="名称、原因或改动的内容"
      />
      {view.key && (
        <Tag closable onClose={() => change({ key: undefined })}>
          仅看一项的历史
        </Tag>
      )}
    </search>
  )
}
