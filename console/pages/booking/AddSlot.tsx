import { price, yuan } from '@jiyue/contract/money'
import type { Reply } from '@jiyue/contract/schema/wire'
import { type Day, spanText } from '@jiyue/contract/time'
import { App, DatePicker, Form, InputNumber, Modal, Select, TimePicker } from 'antd'
import { useEffect, useRef } from 'react'
import { useAct } from '../../acting.ts'
import { asOption } from '../../asOption.ts'
import { newId } from '../../newId.ts'
import { YuanInput } from '../../parts/YuanInput.tsx'
import { showSlot } from './showSlot.ts'
import { afterDuration, bodyOf, firstValues, type SlotValues } from './slotValues.ts'

interface AddSlotProps {
  open: boolean
  close: () => void
  choices: Reply<'listConsoleServices'>
  service: string | undefined
  day: Day
}

const required = (message: string) => [{ required: true, message }]

/** 添加时段. Its id is made here and kept over repeats, so that a lost answer adds no second slot. */
export function AddSlot({ open, close, choices, service, day }: AddSlotProps) {
  const { message } = App.useApp()
  const [form] = Form.useForm<SlotValues>()
  const serviceId = Form.useWatch('serviceId', form)
  const id = useRef(newId())
  const add = useAct('putSlot', {
    form: { form, about: { slot_overlaps: 'staffId' } },
    done(slot) {
      showSlot(slot)
      message.success(`已添加 ${spanText(slot.startsAt, slot.endsAt)}`)
      close()
    },
  })
  // Only as it opens: what is typed stays when somebody changes a service meanwhile, or midnight passes.
  const first = useRef({ choices, service, day })
  first.current = { choices, service, day }
  useEffect(() => {
    const { choices, service, day } = first.current
    if (open) form.setFieldsValue(firstValues(choices, service, day))
  }, [open, form])

  const startAdding = (values: SlotValues) => {
    // A slot that was refused is not there: the next try is another slot.
    if (!add.error?.no.unheard) id.current = newId()
    add.mutate({ params: { id: id.current }, body: bodyOf(values) })
  }
  const chosen = choices.services.find((one) => one.id === serviceId)
  return (
    <Modal
      title="添加时段"
      open={open}
      onCancel={close}
      okText="添加"
      okButtonProps={{ htmlType: 'submit', form: 'add-slot', loading: add.isPending }}
      width={480}
      destroyOnHidden
    >
      <Form
        id="add-slot"
        form={form}
        layout="vertical"
        onFinish={startAdding}
        onValuesChange={(part: Partial<SlotValues>) => {
          if (part.serviceId) form.setFieldsValue({ staffId: null, roomId: null })
          if ((part.serviceId || part.startsAt) && chosen)
            form.setFieldsValue(afterDuration(form.getFieldsValue(), choices))
        }}
      >
        <Form.Item name="serviceId" label="服务" rules={required('请选择服务')}>
          <Select options={choices.services.map(asOption)} />
        </Form.Item>
        <div className="form-row">
          <Form.Item name="day" label="日期" rules={required('请选择日期')}>
            <DatePicker allowClear={false} format="M月D日 ddd" inputReadOnly />
          </Form.Item>
          <Form.Item name="startsAt" label="开始" rules={required('请选择时间')}>
            <TimePicker format="HH:mm" minuteStep={5} needConfirm={false} />
          </Form.Item>
          <Form.Item name="endsAt" label="结束" rules={required('请选择时间')}>
            <TimePicker format="HH:mm" minuteStep={5} needConfirm={false} />
          </Form.Item>
        </div>
        <div className="form-row">
          <Form.Item name="capacity" label="名额" rules={required('请输入名额')}>
            <InputNumber className="wide" min={1} precision={0} />
          </Form.Item>
          <Form.Item
            name="priceFen"
            label="单价"
            extra={chosen && `不填则按服务价格 ${price(chosen.priceFen)} / ${chosen.priceUnit}`}
          >
            <YuanInput
              className="wide"
              min={0}
              max={100_000_000}
              {...(chosen && { placeholder: yuan(chosen.priceFen) })}
            />
          </Form.Item>
        </div>
        <div className="form-row">
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
            <Select allowClear placeholder="上门或线上" options={choices.branches.map(asOption)} />
          </Form.Item>
          <Form.Item name="roomId" label="场地">
            <Select
              allowClear
              placeholder="不占用"
              options={choices.rooms
                .filter(({ serviceIds }) => serviceIds.includes(serviceId))
                .map(asOption)}
            />
          </Form.Item>
        </div>
      </Form>
    </Modal>
  )
}
