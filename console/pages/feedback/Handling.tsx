import type { ConsoleFeedback } from '@jiyue/contract/schema/feedback'
import { dayOf, instantOf, wallClock } from '@jiyue/contract/time'
import { Button, DatePicker, Form, Select } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import { useAct } from '../../acting.ts'
import { queries } from '../../asking.ts'

interface Values {
  assigneeId: string | null
  dueAt: Dayjs
}

/** Who looks after it, until when; only while somebody waits. */
export function Handling({ one }: { one: ConsoleFeedback }) {
  const [form] = Form.useForm<Values>()
  const act = useAct('putFeedbackHandling', {
    form: { form },
    done: () => void queries.invalidateQueries(),
  })
  const { dueAt } = one
  if (dueAt === null) return null
  const save = ({ assigneeId, dueAt: until }: Values) =>
    act.mutate({
      params: { id: one.id },
      body: {
        assigneeId: assigneeId ?? null,
        // The picker knows minutes: what nobody moved stays to the second.
        dueAt: until.isSame(clockAt(dueAt), 'minute') ? dueAt : instantAt(until),
      },
    })
  return (
    <Form
      form={form}
      layout="inline"
      className="feedback-handling"
      initialValues={{ assigneeId: one.assignee?.id ?? null, dueAt: clockAt(dueAt) }}
      onFinish={save}
    >
      <Form.Item name="assigneeId" label="负责人">
        <Select
          allowClear
          placeholder="未指派"
          className="filters-short"
          options={one.handlers.map(({ id, name }) => ({ value: id, label: name }))}
        />
      </Form.Item>
      <Form.Item name="dueAt" label="回复期限">
        <DatePicker showTime={{ format: 'HH:mm' }} format="M月D日 HH:mm" allowClear={false} />
      </Form.Item>
      <Button htmlType="submit" loading={act.isPending}>
        保存
      </Button>
    </Form>
  )
}

/** On the merchant's clock, wherever the browser is. */
function clockAt(instant: string): Dayjs {
  const { hour, minute } = wallClock(instant)
  return dayjs(dayOf(instant)).hour(hour).minute(minute)
}

function instantAt(time: Dayjs): string {
  const minutes = time.hour() * 60 + time.minute()
  return new Date(instantOf(time.format('YYYY-MM-DD'), minutes)).toISOString()
}
