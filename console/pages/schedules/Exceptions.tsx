import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import {
  type ExceptionKind,
  exceptionKinds,
  type ScheduleException,
} from '@jiyue/contract/schedule'
import { dayOf } from '@jiyue/contract/time'
import { Button, DatePicker, Input, Select, TimePicker } from 'antd'
import dayjs from 'dayjs'
import { serverNow } from '../../clock.ts'
import { endOf, minuteOf, timeOf, type Week } from './values.ts'

const kinds = Object.entries(exceptionKinds).map(([value, label]) => ({
  value: value as ExceptionKind,
  label,
}))

/** Single days that differ: off, other hours, more hours. */
export function Exceptions({ week, change }: { week: Week; change: (week: Week) => void }) {
  const { exceptions } = week
  const put = (list: readonly ScheduleException[]) => change({ ...week, exceptions: list })
  const set = (index: number, part: Partial<ScheduleException>) =>
    put(exceptions.map((one, i) => (i === index ? { ...one, ...part } : one)))
  const add = () => {
    const taken = exceptions.map(({ day }) => day)
    let next = dayjs(dayOf(serverNow())).add(1, 'day')
    while (taken.includes(next.format('YYYY-MM-DD'))) next = next.add(1, 'day')
    put([...exceptions, { day: next.format('YYYY-MM-DD'), kind: 'off', spans: [], reason: '' }])
  }
  return (
    <section className="exceptions" aria-label="例外日期">
      <header className="week-head">
        <h3>例外日期</h3>
        <span className="quiet">请假停排、临时改时间或加排，只影响当天</span>
        <Button icon={<PlusOutlined />} onClick={add}>
          添加例外
        </Button>
      </header>
      {exceptions.length === 0 && <p className="quiet">没有例外，按每周时间生成</p>}
      <ul>
        {exceptions.map((one, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an exception has no name but its place
          <li key={index} className="exception">
            <DatePicker
              aria-label="例外日期"
              allowClear={false}
              inputReadOnly
              value={dayjs(one.day)}
              onChange={(day) => day && set(index, { day: day.format('YYYY-MM-DD') })}
            />
            <Select
              aria-label="例外类型"
              value={one.kind}
              options={kinds}
              onChange={(kind) =>
                set(index, {
                  kind,
                  spans:
                    kind === 'off' ? [] : one.spans.length ? one.spans : [{ from: 540, to: 720 }],
                })
              }
            />
            {one.kind !== 'off' && (
              <TimePicker.RangePicker
                aria-label="例外时间"
                format="HH:mm"
                minuteStep={5}
                needConfirm={false}
                allowClear={false}
                order={false}
                value={[timeOf(one.spans[0]?.from ?? 540), timeOf(one.spans[0]?.to ?? 720)]}
                onChange={(times) => {
                  const [from, to] = times ?? []
                  if (from && to)
                    set(index, {
                      spans: [{ from: minuteOf(from), to: endOf(to) }, ...one.spans.slice(1)],
                    })
                }}
              />
            )}
            <Input
              aria-label="例外原因"
              placeholder="原因，如：请假"
              maxLength={100}
              value={one.reason}
              onChange={({ target }) => set(index, { reason: target.value })}
            />
            <Button
              type="text"
              danger
              icon={<DeleteOutlined />}
              aria-label="删除例外"
              onClick={() => put(exceptions.filter((_, i) => i !== index))}
            />
          </li>
        ))}
      </ul>
    </section>
  )
}
