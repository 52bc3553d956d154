import { SearchOutlined } from '@ant-design/icons'
import { orderStates, orderStateWords } from '@jiyue/contract/order'
import { Input, Radio, Select } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useLocation } from 'react-router'
import { useAsk } from '../../asking.ts'
import { searchBox } from '../../frame/useSlashSearches.ts'
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
      <SearchText text={filter.text ?? ''} change={(text) => change({ text })} />
    </search>
  )
}

const typingMs = 300

/** Searches when typing pauses; Enter at once; Esc clears. */
function SearchText({ text, change }: { text: string; change: (text?: string) => void }) {
  const [typed, setTyped] = useState(text)
  const { state } = useLocation()
  const latest = useRef(change)
  latest.current = change
  // The URL changed without typing (Back, 清除筛选): the box follows.
  useEffect(() => setTyped((now) => (now.trim() === text ? now : text)), [text])
  useEffect(() => {
    if (typed.trim() === text) return
    const wait = setTimeout(() => latest.current(typed.trim() || undefined), typingMs)
    return () => clearTimeout(wait)
  }, [typed, text])
  return (
    <Input
      {...searchBox}
      allowClear
      autoFocus={(state as { search?: boolean } | null)?.search === true}
      aria-label="搜索订单"
      className="filters-text"
      prefix={<SearchOutlined />}
      suffix={typed ? null : <kbd>/</kbd>}
      placeholder="订单号或服务名"
      maxLength={50}
      value={typed}
      onChange={({ target }) => setTyped(target.value)}
      onPressEnter={() => change(typed.trim() || undefined)}
      onKeyDown={(event) => event.key === 'Escape' && setTyped('')}
    />
  )
}
