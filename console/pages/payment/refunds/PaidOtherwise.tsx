import { price } from '@jiyue/contract/money'
import type { ConsoleRefund } from '@jiyue/contract/schema/money'
import { App, Form, Input, Modal } from 'antd'
import { useState } from 'react'
import { useAct } from '../../../acting.ts'
import { queries } from '../../../asking.ts'
import { Reasoned } from '../../../parts/Reasoned.tsx'

interface Values {
  note: string
  evidence: string
}

/** 已另行退还: the provider will never make this refund; a person says how the money went back. */
export function PaidOtherwise({
  refund,
  reason,
}: {
  refund: ConsoleRefund
  reason: string | null
}) {
  const { message } = App.useApp()
  const [open, setOpen] = useState(false)
  const [form] = Form.useForm<Values>()
  const { id, amountFen, person } = refund
  const end = useAct('putOtherwise', {
    form: { form },
    done() {
      message.success('已记录为另行退还')
      setOpen(false)
      void queries.invalidateQueries()
    },
  })
  return (
    <>
      <Reasoned reason={reason} onClick={() => setOpen(true)}>
        另行退还
      </Reasoned>
      <Modal
        title="已通过其他方式退还"
        open={open}
        onCancel={() => setOpen(false)}
        okText={`确认已退 ${price(amountFen)}`}
        okButtonProps={{ htmlType: 'submit', form: `otherwise-${id}`, loading: end.isPending }}
        width={440}
        destroyOnHidden
      >
        <Form
          id={`otherwise-${id}`}
          form={form}
          layout="vertical"
          onFinish={(body) => end.mutate({ params: { id }, body })}
        >
          <Form.Item
            name="note"
            label="退还方式与原因"
            rules={[{ required: true, whitespace: true, message: '请填写退还方式与原因' }]}
          >
            <Input.TextArea
              maxLength={200}
              autoSize={{ minRows: 2 }}
              placeholder="如：平台查无此款，已由公司账户转账退还"
              autoFocus
            />
          </Form.Item>
          <Form.Item
            name="evidence"
            label="凭据"
            rules={[{ required: true, whitespace: true, message: '请填写凭据' }]}
          >
            <Input maxLength={200} autoComplete="off" placeholder="转账流水号，或签收单存放处" />
          </Form.Item>
          <p className="quiet">
            请先把 {price(amountFen)} 交到 {person}{' '}
            手中再确认：之后系统不再向支付平台申请这笔退款，且不能撤销。
          </p>
        </Form>
      </Modal>
    </>
  )
}
