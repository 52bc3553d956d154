import { LeftOutlined, RightOutlined } from '@ant-design/icons'
import type { ServiceCard } from '@jiyue/contract/schema/wire'
import { addDays, type Day, dateText, dayOf, instantOf } from '@jiyue/contract/time'
import { Button, DatePicker, Segmented, Select, Space } from 'antd'
import dayjs from 'dayjs'
import { serverNow } from '../../clock.ts'
import { dayText } from '../../month.ts'
import type { BookingView, ColumnKind } from '../../paths.ts'

interface ViewBarProps {
  at: {
    view: 'week' | 'day'
    by: ColumnKind
    from: Day
    to: Day
    day: Day
    service: string | undefined
  }
  services: ServiceCard[] | undefined
  change: (part: BookingView) => void
}

const kinds: { value: ColumnKind; label: string }[] = [
  { value: 'days', label: '按时间' },
  { value: 'service', label: '按服务' },
  { value: 'staff', label: '按人员' },
  { value: 'room', label: '按场地' },
  { value: 'branch', label: '按门店' },
]

/** Which service, which days, and in whose columns. */
export function ViewBar({ at, services, change }: ViewBarProps) {
  const step = at.view === 'week' ? 7 : 1
  const unit = at.view === 'week' ? '周' : '天'
  const today = dayOf(serverNow())
  return (
    <div className="filters">
      <Segmented<'week' | 'day'>
        aria-label="视图"
        value={at.view}
        options={[
          { value: 'week', label: '周' },
          { value: 'day', label: '日' },
        ]}
        onChange={(view) => change({ view })}
      />
      <Segmented<ColumnKind>
        aria-label="分列"
        value={at.by}
        options={kinds.filter(({ value }) => at.view === 'week' || value !== 'days')}
        onChange={(by) => change({ by })}
      />
      <Space.Compact>
        <Button
          icon={<LeftOutlined />}
          aria-label={`上一${unit}`}
          onClick={() => change({ day: addDays(at.day, -step) })}
        />
        <Button onClick={() => change({ day: today })}>
          {at.view === 'week' ? '本周' : '今天'}
        </Button>
        <Button
          icon={<RightOutlined />}
          aria-label={`下一${unit}`}
          onClick={() => change({ day: addDays(at.day, step) })}
        />
      </Space.Compact>
      <DatePicker
        aria-label="日期"
        className="filters-day"
        allowClear={false}
        value={dayjs(at.day)}
        format={() => rangeText(at)}
        inputReadOnly
        onChange={(chosen) => chosen && change({ day: chosen.format('YYYY-MM-DD') })}
      />
      <Select
        allowClear
        aria-label="服务"
        placeholder="全部服务"
        className="filters-service"
        loading={!services}
        value={at.service}
        options={services?.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={(service: string | undefined) => change({ service })}
      />
    </div>
  )
}

function rangeText({ view, from, to }: ViewBarProps['at']): string {
  return view === 'day' ? dateText(instantOf(from)) : `${dayText(from)} – ${dayText(to)}`
}
