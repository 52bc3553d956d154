import type { ConsoleSlot } from '@jiyue/contract/schema/wire'
import { App, Form, InputNumber, Space } from 'antd'
import { useEffect } from 'react'
import { useAct } from '../../acting.ts'
import { Reasoned } from '../../parts/Reasoned.tsx'
import { useWhyNoRight } from '../../useWhyNoRight.ts'
import { showSlot } from './showSlot.ts'

/** Resizes a slot where it stands; Enter saves. The refusal stands under the number. */
export function CapacityForm({ slot }: { slot: ConsoleSlot }) {
  const { message } = App.useApp()
  const [form] = Form.useForm<{ capacity: number }>()
  const noRight = useWhyNoRight('slots')
  const resize = useAct('putCapacity', {
    form: { form, about: { capacity_taken: 'capacity' } },
    done(saved) {
      showSlot(saved)
      message.success(`名额已改为 ${saved.capacity}`)
    },
  })
  // Somebody else resized it meanwhile: the number in the box is old.
  useEffect(() => form.setFieldValue('capacity', slot.capacity), [form, slot.capacity])
  return (
    <Form
      form={form}
      layout="vertical"
      initialValues={{ capacity: slot.capacity }}
      // Never disabled where nothing changed: a number and Enter on a busy computer come faster than
      // the button hears of the number, and a disabled one swallows the Enter.
      onFinish={(body) => {
        if (body.capacity === slot.capacity) message.info('没有修改')
        else resize.mutate({ params: { id: slot.id }, body })
      }}
    >
      <Form.Item label="名额" htmlFor="capacity">
        <Space.Compact block>
          <Form.Item name="capacity" noStyle rules={[{ required: true, message: '请输入名额' }]}>
            <InputNumber min={1} precision={0} />
          </Form.Item>
          <Reasoned htmlType="submit" loading={resize.isPending} reason={noRight}>
            保存
          </Reasoned>
        </Space.Compact>
      </Form.Item>
    </Form>
  )
}
