import { price, yuan } from '@jiyue/contract/money'
import { closedDayWords, scheduleLimits, weekdayWords } from '@jiyue/contract/schedule'
import type { Reply } from '@jiyue/contract/schema/wire'
import { DatePicker, Form, type FormInstance, InputNumber, Select, TimePicker } from 'antd'
import { asOption } from '../../asOption.ts'
import { YuanInput } from '../../parts/YuanInput.tsx'
import type { ScheduleValues } from './values.ts'

interface FieldsProps {
  form: FormInstance<ScheduleValues>
  choices: Reply<'listConsoleServices'>
  /** A kept schedule keeps its service. */
  fixed: boolean
}

const required = (message: string) => [{ required: true, message }]
const minutes = { className: 'wide', min: 0, precision: 0, suffix: '分钟' }

/** Whose slots, how long, how many, and until when they can be booked. */
export function Fields({ form, choices, fixed }: FieldsProps) {
  const serviceId = Form.useWatch('serviceId', form)
  const branchId = Form.useWatch('branchId', form)
  const cutoffDays = Form.useWatch('cutoffDays', form)
  const service = choices.services.find(({ id }) => id === serviceId)
  const changeService = (next: string) => {
    const duration = choices.services.find(({ id }) => id === next)?.durationMinutes
    form.setFieldsValue({ staffId: null, roomId: null, ...(duration && { slotMinutes: duration }) })
  }
  const rooms = choices.rooms.filter(
    (room) =>
      serviceId && room.serviceIds.includes(serviceId) && (!branchId || room.branchId === branchId),
  )
  return (
    <div className="schedule-fields">
      <Form.Item name="serviceId" label="服务" rules={required('请选择服务')}>
        <Select
          disabled={fixed}
          options={choices.services.map(asOption)}
          onChange={changeService}
        />
      </Form.Item>
      <Form.Item name="staffId" label="服务人员">
        <Select
          allowClear
          placeholder="不指定"
          options={choices.staff
            .filter(({ serviceIds }) => serviceIds.includes(serviceId))
            .map(asOption)}
        />
      </Form.Item>
      <Form.Item name="branchId" label="门店">
        <Select
          allowClear
          placeholder="上门或线上"
          options={choices.branches.map(asOption)}
          onChange={() => form.setFieldsValue({ roomId: null })}
        />
      </Form.Item>
      <Form.Item name="roomId" label="场地">
        <Select
          allowClear
          placeholder={rooms.length > 0 ? '不占用场地' : '该服务没有场地'}
          options={rooms.map(({ id, name, seats }) => ({
            value: id,
            label: `${name}（${seats} 人）`,
          }))}
        />
      </Form.Item>
      <Form.Item name="slotMinutes" label="每个时段" rules={required('请填写时长')}>
        <InputNumber
          {...minutes}
          min={scheduleLimits.slotMinutes.min}
          max={scheduleLimits.slotMinutes.max}
        />
      </Form.Item>
      <Form.Item name="bufferBefore" label="前置准备" rules={required('请填写分钟数')}>
        <InputNumber {...minutes} max={scheduleLimits.bufferMinutes} />
      </Form.Item>
      <Form.Item name="bufferAfter" label="结束后间隔" rules={required('请填写分钟数')}>
        <InputNumber {...minutes} max={scheduleLimits.bufferMinutes} />
      </Form.Item>
      <Form.Item name="capacity" label="名额" rules={required('请填写名额')}>
        <InputNumber className="wide" min={1} max={10_000} precision={0} />
      </Form.Item>
      <Form.Item
        name="priceFen"
        label="单价"
        extra={service && `不填则 ${price(service.priceFen)} / ${service.priceUnit}`}
      >
        <YuanInput
          className="wide"
          min={0}
          max={100_000_000}
          {...(service && { placeholder: yuan(service.priceFen) })}
        />
      </Form.Item>
      <Form.Item name="leadMinutes" label="至少提前" rules={required('请填写分钟数')}>
        <InputNumber {...minutes} max={scheduleLimits.leadMinutes} />
      </Form.Item>
      <Form.Item name="cutoffDays" label="统一截止">
        <Select
          allowClear
          placeholder="不设"
          options={[0, 1, 2, 3, 7].map((days) => ({
            value: days,
            label: days === 0 ? '当天' : `前 ${days} 天`,
          }))}
        />
      </Form.Item>
      <Form.Item name="cutoffAt" label="截止时刻">
        <TimePicker
          className="wide"
          format="HH:mm"
          minuteStep={5}
          needConfirm={false}
          placeholder="18:00"
          disabled={typeof cutoffDays !== 'number'}
        />
      </Form.Item>
      <Form.Item name="startsOn" label="生效日期" rules={required('请选择日期')}>
        <DatePicker className="wide" allowClear={false} format="YYYY-MM-DD" inputReadOnly />
      </Form.Item>
      <Form.Item name="endsOn" label="结束日期">
        <DatePicker className="wide" placeholder="长期" format="YYYY-MM-DD" inputReadOnly />
      </Form.Item>
      <Form.Item name="weeksAhead" label="提前生成" rules={required('请填写周数')}>
        <InputNumber
          className="wide"
          min={1}
          max={scheduleLimits.weeksAhead}
          precision={0}
          suffix="周"
        />
      </Form.Item>
      <Form.Item name="makeupWeekday" label="调休上班日">
        <Select
          allowClear
          placeholder="按当天周几"
          options={[1, 2, 3, 4, 5].map((day) => ({
            value: day,
            label: `按${weekdayWords[day]}排`,
          }))}
        />
      </Form.Item>
      <Form.Item name="onClosedDays" label="节假日等休业日" className="schedule-wide">
        <Select
          options={Object.entries(closedDayWords).map(([value, label]) => ({ value, label }))}
        />
      </Form.Item>
    </div>
  )
}
