import { yuan } from '@jiyue/contract/money'
import type { ConsoleNegotiation } from '@jiyue/contract/schema/negotiations'
import type { Input, Reply } from '@jiyue/contract/schema/wire'
import { dayOf } from '@jiyue/contract/time'
import { App, DatePicker, Form, Select, Input as TextInput, TimePicker } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import { useRef } from 'react'
import { useAct } from '../../acting.ts'
import { queries, readAgainSoon } from '../../asking.ts'
import { asOption } from '../../asOption.ts'
import { newId } from '../../newId.ts'
import { Reasoned } from '../../parts/Reasoned.tsx'
import { YuanInput } from '../../parts/YuanInput.tsx'
import { useWhyNoRight } from '../../useWhyNoRight.ts'
import { clockOf, timesIn } from './slotValues.ts'

interface AnswerFormProps {
  one: ConsoleNegotiation
  choices: Reply<'listConsoleServices'>
  done: () => void
}

interface Values {
  day: Dayjs
  startsAt: Dayjs
  endsAt: Dayjs
  staffId?: string | null
  branchId?: string | null
  roomId?: string | null
  priceFen?: number | null
  reason?: string
}

type Answer = Input<'putNegotiationAnswer'>['body']

/**
 * The answer to one request: the time that was asked for stands in the form; sent as it is it approves,
 * changed it is a counter-offer. A no wants its reason.
 */
export function AnswerForm({ one, choices, done }: AnswerFormProps) {
  const { message } = App.useApp()
  const [form] = Form.useForm<Values>()
  const slotId = useRef(newId())
  const noRight = useWhyNoRight('slots')
  const act = useAct('putNegotiationAnswer', {
    form: { form, about: { staff_busy: 'staffId', room_busy: 'roomId' } },
    done(_, { body }) {
      message.success(body.answer === 'decline' ? '已回复：未同意' : '专属时段已发给用户')
      void queries.invalidateQueries({ queryKey: ['listConsoleNegotiations'] })
      readAgainSoon('listConsoleSlots')
      done()
    },
  })
  const answer = (body: Answer) => act.mutate({ params: { id: one.id }, body })
  const offer = (values: Values) => {
    // An offer that was refused is not there: the next try is another slot.
    if (act.error && !act.error.no.unheard) slotId.current = newId()
    answer({
      answer: 'offer',
      slotId: slotId.current,
      ...timesIn(values, dayOf(wanted.endsAt) > dayOf(wanted.startsAt)),
      staffId: values.staffId ?? null,
      branchId: values.branchId ?? null,
      roomId: values.roomId ?? null,
      priceFen: values.priceFen ?? null,
      reason: values.reason?.trim() || null,
    })
  }
  const decline = () => {
    const reason = String(form.getFieldValue('reason') ?? '').trim()
    if (reason) return answer({ answer: 'decline', reason })
    form.setFields([{ name: 'reason', errors: ['请告诉用户原因'] }])
  }
  const service = choices.services.find(({ id }) => id === one.service.id)
  const wanted = one.offer ?? one
  return (
    <Form
      form={form}
      layout="vertical"
      className="answer-form"
      initialValues={{
        day: dayjs(dayOf(wanted.startsAt)),
        startsAt: clockOf(wanted.startsAt),
        endsAt: clockOf(wanted.endsAt),
        staffId: null,
        branchId: null,
        roomId: null,
      }}
      onFinish={offer}
    >
      <div className="form-row">
        <Form.Item name="day" label="日期">
          <DatePicker allowClear={false} format="M月D日 ddd" inputReadOnly />
        </Form.Item>
        <Form.Item name="startsAt" label="开始">
          <TimePicker format="HH:mm" minuteStep={5} needConfirm={false} allowClear={false} />
        </Form.Item>
        <Form.Item name="endsAt" label="结束">
          <TimePicker format="HH:mm" minuteStep={5} needConfirm={false} allowClear={false} />
        </Form.Item>
      </div>
      <div className="form-row">
        <Form.Item name="staffId" label="服务人员">
          <Select
            allowClear
            placeholder="不指定"
            options={choices.staff
              .filter(({ serviceIds }) => serviceIds.includes(one.service.id))
              .map(asOption)}
          />
        </Form.Item>
        <Form.Item name="branchId" label="门店">
          <Select allowClear placeholder="上门或线上" options={choices.branches.map(asOption)} />
        </Form.Item>
        <Form.Item name="roomId" label="场地">
          <Select
            allowClear
            placeholder="不占用"
            options={choices.rooms
              .filter(({ serviceIds }) => serviceIds.includes(one.service.id))
              .map(asOption)}
          />
        </Form.Item>
      </div>
      <div className="form-row">
        <Form.Item name="priceFen" label="单价">
          <YuanInput
            className="wide"
            min={0}
            max={100_000_000}
            {...(service && { placeholder: yuan(service.priceFen) })}
          />
        </Form.Item>
        <Form.Item name="reason" label="回复" className="answer-reason">
          <TextInput maxLength={100} placeholder="同意时可不填；不同意请说明原因" />
        </Form.Item>
      </div>
      <div className="answer-buttons">
        <Reasoned reason={noRight} onClick={decline} loading={act.isPending}>
          不同意
        </Reasoned>
        <Reasoned reason={noRight} type="primary" htmlType="submit" loading={act.isPending}>
          发送专属时段
        </Reasoned>
      </div>
    </Form>
  )
}
