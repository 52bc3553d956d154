import type { Span } from '@jiyue/contract/schedule'
import { Button, Checkbox, Space, TimePicker } from 'antd'
import { endOf, minuteOf, timeOf } from './values.ts'

interface SpanFormProps {
  kind: string
  span: Span & { weekday: number | null }
  /** May be one of every day. */
  everyDay: boolean
  set: (span: Span & { weekday: number | null }) => void
  remove: () => void
  copyTo: (days: readonly number[]) => void
}

/** One span to the minute; copy its day to others; or away with it. */
export function SpanForm({ kind, span, everyDay, set, remove, copyTo }: SpanFormProps) {
  return (
    <div className="span-form">
      <TimePicker.RangePicker
        aria-label={`${kind}时间`}
        format="HH:mm"
        minuteStep={5}
        needConfirm={false}
        allowClear={false}
        order={false}
        value={[timeOf(span.from), timeOf(span.to)]}
        onChange={(times) => {
          const [from, to] = times ?? []
          if (from && to) set({ ...span, from: minuteOf(from), to: endOf(to) })
        }}
      />
      {everyDay && (
        <Checkbox
          checked={span.weekday === null}
          onChange={({ target }) => set({ ...span, weekday: target.checked ? null : 1 })}
        >
          每天都休息这段
        </Checkbox>
      )}
      <Space wrap>
        {span.weekday !== null && (
          <>
            <Button onClick={() => copyTo([1, 2, 3, 4, 5])}>复制到工作日</Button>
            <Button onClick={() => copyTo([0, 1, 2, 3, 4, 5, 6])}>复制到每天</Button>
          </>
        )}
        <Button danger onClick={remove}>
          删除
        </Button>
      </Space>
    </div>
  )
}
