import type { HandMove } from '@jiyue/contract/byHand'
import { type OrderState, orderStateWords } from '@jiyue/contract/order'
import type { Reply } from '@jiyue/contract/schema/wire'
import { App, Form, Input, Modal, Radio } from 'antd'
import { useState } from 'react'
import { useAct } from '../../acting.ts'
import { queries } from '../../asking.ts'
import { Reasoned } from '../../parts/Reasoned.tsx'

interface SetStateProps {
  order: Reply<'getConsoleOrder'>
  state: OrderState
  moves: readonly HandMove[]
  reason: string | null
}

/** 修改状态: every other state, those that cannot be reached with the reason why. */
export function SetState({ order, state, moves, reason }: SetStateProps) {
  const { message } = App.useApp()
  const [open, setOpen] = useState(false)
  const [form] = Form.useForm<{ to: OrderState; reason: string }>()
  const put = useAct('putOrderState', {
    form: { form },
    done(_, { body }) {
      message.success(`已改为${orderStateWords[body.to]}，已通知客户`)
      setOpen(false)
      void queries.invalidateQueries()
    },
  })
  return (
    <>
      <Reasoned reason={reason} onClick={() => setOpen(true)}>
        修改状态
      </Reasoned>
      <Modal
        title="修改订单状态"
        open={open}
        onCancel={() => setOpen(false)}
        okText="确定修改"
        okButtonProps={{ htmlType: 'submit', form: 'set-state', loading: put.isPending }}
        width={480}
        destroyOnHidden
      >
        <Form
          id="set-state"
          form={form}
          layout="vertical"
          onFinish={(values) =>
            put.mutate({ params: { id: order.id }, body: { from: state, ...values } })
          }
        >
          <Form.Item
            name="to"
            label={`由「${orderStateWords[state]}」改为`}
            rules={[{ required: true, message: '请选择状态' }]}
          >
            <Radio.Group className="state-choices">
              {moves.map((move) => (
                <Radio key={move.to} value={move.to} disabled={move.reason !== null}>
                  {orderStateWords[move.to]}
                  {move.reason && <small className="quiet">{move.reason}</small>}
                </Radio>
              ))}
            </Radio.Group>
          </Form.Item>
          <Form.Item
            name="reason"
            label="原因"
            extra="客户会在消息中看到，并写入操作记录"
            rules={[{ required: true, whitespace: true, message: '请写明原因' }]}
          >
            <Input.TextArea
              maxLength={200}
              autoSize={{ minRows: 2 }}
              placeholder="如：客户已到店，前台漏核销"
            />
          </Form.Item>
        </Form>
      </Modal>
    </>
  )
}
