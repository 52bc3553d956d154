import { price } from '@jiyue/contract/money'
import type { Input as Given, Reply } from '@jiyue/contract/schema/wire'
import { App, Form, Input, Modal, Radio } from 'antd'
import { useState } from 'react'
import { useAct } from '../../acting.ts'
import { queries } from '../../asking.ts'
import { Reasoned } from '../../parts/Reasoned.tsx'
import { refundableFen } from './RefundOrder.tsx'

type Order = Reply<'getConsoleOrder'>
type Values = Given<'putCancellation'>['body']

/** 取消 by the merchant (M1): with a reason that the person reads, refunded whole or by the rule. */
export function CancelOrder({ order, reason }: { order: Order; reason: string | null }) {
  const { message } = App.useApp()
  const [open, setOpen] = useState(false)
  const [form] = Form.useForm<Values>()
  const cancel = useAct('putCancellation', {
    form: { form },
    done() {
      message.success('订单已取消，已通知用户')
      setOpen(false)
      void queries.invalidateQueries()
    },
  })
  const whole = refundableFen(order)
  const byRule = order.cancelling
  return (
    <>
      <Reasoned danger reason={reason} onClick={() => setOpen(true)}>
        取消订单
      </Reasoned>
      <Modal
        title="取消订单"
        open={open}
        onCancel={() => setOpen(false)}
        cancelText="不取消"
        okText="确定取消"
        okButtonProps={{
          htmlType: 'submit',
          form: 'cancel-order',
          danger: true,
          loading: cancel.isPending,
        }}
        destroyOnHidden
      >
        <Form
          id="cancel-order"
          form={form}
          layout="vertical"
          initialValues={{ refund: 'whole' }}
          onFinish={(body) => cancel.mutate({ params: { id: order.id }, body })}
        >
          <Form.Item
            name="reason"
            label="取消原因"
            extra="用户会在消息中看到"
            rules={[{ required: true, whitespace: true, message: '请写明取消原因' }]}
          >
            <Input maxLength={60} showCount placeholder="如：多次预约未到场" />
          </Form.Item>
          {whole > 0 && byRule ? (
            <Form.Item name="refund" label="退款">
              <Radio.Group
                options={[
                  { value: 'whole', label: `全额退款 ${price(whole)}` },
                  {
                    value: 'rule',
                    label: `按取消规则退 ${price(byRule.refundFen)}（收取 ${price(byRule.feeFen)}）`,
                  },
                ]}
              />
            </Form.Item>
          ) : (
            <Form.Item name="refund" hidden>
              <Input />
            </Form.Item>
          )}
        </Form>
      </Modal>
    </>
  )
}
