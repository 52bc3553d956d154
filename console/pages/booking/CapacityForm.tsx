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
  const wanted = Form.useWatch('capacity', form)
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
      onFinish={(body) => resize.mutate({ params: { id: slot.id }, body })}
    >
      <Form.Item label="名额" htmlFor="capacity">
        <Space.Compact block>
          <Form.Item name="capacity" noStyle rules={[{ required: true, message: '请输入名额' }]}>
            <InputNumber min={1} precision={0} />
          </Form.Item>
          <Reasoned
            htmlType="submit"
            loading={resize.isPending}
            reason={noRight ?? (wanted === slot.capacity ? '还没有改动' : null)}
          >
            保存
          </Reasoned>
        </Space.Compact>
      </Form.Item>
    </Form>
  )
}
