import { price } from '@jiyue/contract/money'
import type { Reply } from '@jiyue/contract/schema/wire'
import { App, Button, Form, Input, Modal, Space } from 'antd'
import { useRef, useState } from 'react'
import { useAct } from '../../acting.ts'
import { queries } from '../../asking.ts'
import { newId } from '../../newId.ts'
import { Reasoned } from '../../parts/Reasoned.tsx'
import { YuanInput } from '../../parts/YuanInput.tsx'

type Order = Reply<'getConsoleOrder'>

interface Values {
  amountFen: number
  note: string
}

/** What may still be given back of all that was paid. */
export function refundableFen({ payments }: Pick<Order, 'payments'>): number {
  return payments.reduce((sum, payment) => sum + payment.refundableFen, 0)
}

/** Null when money may be given back by hand; else why not. `noRight` is about the person. */
export function whyNoRefund(order: Pick<Order, 'payments'>, noRight: string | null): string | null {
  if (refundableFen(order) === 0) return '此订单没有可退的款项'
  return noRight
}

/** 退款 by hand: all of it or a part, with a note. The order itself stays as it is. */
export function RefundOrder({ order, reason }: { order: Order; reason: string | null }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Reasoned reason={reason} onClick={() => setOpen(true)}>
        退款
      </Reasoned>
      <RefundForm order={order} open={open} close={() => setOpen(false)} />
    </>
  )
}

interface RefundFormProps {
  order: Order
  open: boolean
  close: () => void
}

function RefundForm({ order, open, close }: RefundFormProps) {
  const { message } = App.useApp()
  const [form] = Form.useForm<Values>()
  const amountFen = Form.useWatch('amountFen', form)
  const most = refundableFen(order)
  const id = useRef(newId())
  const refund = useAct('putRefund', {
    form: { form, about: { refund_too_much: 'amountFen' } },
    done(_, { body }) {
      message.success(`已提交退款 ${price(body.amountFen)}，结果会自动更新`)
      id.current = newId()
      close()
      void queries.invalidateQueries()
    },
  })
  const give = (values: Values) => {
    // An answer that was lost may have been a yes: the same wish is repeated under its number.
    // A refused one is not there, and the next may say something else.
    if (refund.error && !refund.error.no.unheard) id.current = newId()
    refund.mutate({ params: { id: id.current }, body: { orderId: order.id, ...values } })
  }
  return (
    <Modal
      title="退款"
      open={open}
      onCancel={close}
      okText={amountFen ? `退款 ${price(amountFen)}` : '退款'}
      okButtonProps={{
        htmlType: 'submit',
        form: 'refund',
        danger: true,
        loading: refund.isPending,
      }}
      width={440}
      destroyOnHidden
    >
      <Form
        id="refund"
        form={form}
        layout="vertical"
        initialValues={{ amountFen: most }}
        onFinish={give}
      >
        <Form.Item
          label="退款金额"
          htmlFor="amountFen"
          extra={`最多可退 ${price(most)}${ruleHint(order, amountFen ?? 0)}`}
        >
          <Space.Compact block>
            <Form.Item
              name="amountFen"
              noStyle
              rules={[
                { required: true, message: '请填写退款金额' },
                { validator: (_, fen) => within(fen, most) },
              ]}
            >
              <YuanInput className="wide" autoFocus />
            </Form.Item>
            <Button onClick={() => form.setFieldsValue({ amountFen: most })}>全额</Button>
          </Space.Compact>
        </Form.Item>
        <Form.Item
          name="note"
          label="退款原因"
          rules={[{ required: true, whitespace: true, message: '请填写退款原因' }]}
        >
          <Input.TextArea
            maxLength={200}
            autoSize={{ minRows: 2 }}
            placeholder="如：服务未按约定进行，与客户协商一致"
          />
        </Form.Item>
        <p className="quiet">款项原路退回给 {order.person}。只退款，不取消预约，名额仍然保留。</p>
      </Form>
    </Modal>
  )
}

function within(fen: number | null | undefined, most: number): Promise<void> {
  if (fen == null) return Promise.resolve()
  if (fen < 1) return Promise.reject(new Error('请填写退款金额'))
  return fen > most ? Promise.reject(new Error(`最多可退 ${price(most)}`)) : Promise.resolve()
}

/** What the rules would give back, and what `amountFen` by hand takes of the deposit beforehand. */
function ruleHint({ cancelling, depositLeftFen }: Order, amountFen: number): string {
  const leftFen = Math.max(0, depositLeftFen - amountFen)
  return [
    cancelling && `；客户此刻自行取消，按规则退 ${price(cancelling.refundFen)}`,
    depositLeftFen > 0 &&
      `；手动退款先退押金（现余 ${price(depositLeftFen)}），退后核销时自动退还 ${price(leftFen)}`,
  ]
    .filter(Boolean)
    .join('')
}
