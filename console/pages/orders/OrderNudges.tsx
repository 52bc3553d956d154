import type { ConsoleNudge, Reply } from '@jiyue/contract/schema/wire'
import { App, Button, Form, Input, Modal, Select } from 'antd'
import { useRef, useState } from 'react'
import { useAct } from '../../acting.ts'
import { queries } from '../../asking.ts'
import { newId } from '../../newId.ts'
import { Reasoned } from '../../parts/Reasoned.tsx'
import { exactText } from '../../stamp.ts'

type Order = Reply<'getConsoleOrder'>

interface Values {
  fieldId: string
  note: string
}

/** Null when the person may be asked for an answer; else why not. */
export function whyNoNudge({ state, form }: Pick<Order, 'state' | 'form'>): string | null {
  if (form.fields.length === 0) return '此服务没有报名信息'
  return state === 'registered' || state === 'confirmed'
    ? null
    : '仅已报名且未结束的订单可以请客户补充信息'
}

/** 补充提醒 (R10): asks the person for one answer of their registration. */
export function NudgeOrder({ order, reason }: { order: Order; reason: string | null }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Reasoned reason={reason} onClick={() => setOpen(true)}>
        请客户补充
      </Reasoned>
      <NudgeForm order={order} open={open} close={() => setOpen(false)} />
    </>
  )
}

function NudgeForm({ order, open, close }: { order: Order; open: boolean; close: () => void }) {
  const { message } = App.useApp()
  const [form] = Form.useForm<Values>()
  const id = useRef(newId())
  const nudge = useAct('putNudge', {
    form: { form, about: { nudge_open: 'fieldId' } },
    done() {
      message.success(`已提醒 ${order.person}，补充后会自动更新`)
      id.current = newId()
      close()
      void queries.invalidateQueries()
    },
  })
  const send = (values: Values) => {
    // An answer that was lost may have been a yes: the same wish is repeated under its number.
    if (nudge.error && !nudge.error.no.unheard) id.current = newId()
    nudge.mutate({ params: { id: id.current }, body: { orderId: order.id, ...values } })
  }
  const labelOf = (fieldId: string) =>
    order.form.fields.find((one) => one.id === fieldId)?.label ?? ''
  return (
    <Modal
      title="请客户补充信息"
      open={open}
      onCancel={close}
      okText="发送提醒"
      okButtonProps={{ htmlType: 'submit', form: 'nudge', loading: nudge.isPending }}
      width={440}
      destroyOnHidden
    >
      <Form id="nudge" form={form} layout="vertical" onFinish={send}>
        <Form.Item
          name="fieldId"
          label="需要补充的项目"
          rules={[{ required: true, message: '请选择项目' }]}
        >
          <Select
            placeholder="请选择"
            options={order.form.fields.map(({ id: value, label }) => ({ value, label }))}
            onChange={(fieldId: string) =>
              form.setFieldsValue({
                // @chinese the customer reads it
                note: `请补充${labelOf(fieldId)}信息`,
              })
            }
          />
        </Form.Item>
        <Form.Item
          name="note"
          label="客户看到的提醒"
          rules={[{ required: true, whitespace: true, message: '请填写提醒内容' }]}
        >
          <Input.TextArea maxLength={100} autoSize={{ minRows: 2 }} />
        </Form.Item>
        <p className="quiet">客户收到消息后，点开即到该项；补充后原有内容会保留在记录中。</p>
      </Form>
    </Modal>
  )
}

const stateWords: Record<ConsoleNudge['state'], string> = {
  open: '等待客户补充',
  answered: '已补充',
  withdrawn: '已撤回',
}

/** What was asked for, and what the answers changed. */
export function OrderNudges({ nudges }: { nudges: readonly ConsoleNudge[] }) {
  if (nudges.length === 0) return null
  return (
    <section className="drawer-part" aria-label="补充记录">
      <h3>补充记录</h3>
      <ul className="nudge-list">
        {nudges.map((one) => (
          <Nudge key={one.id} nudge={one} />
        ))}
      </ul>
    </section>
  )
}

function Nudge({ nudge }: { nudge: ConsoleNudge }) {
  const { id, label, note, state, at, answeredAt, before, after, byName } = nudge
  const withdraw = useAct('deleteNudge', { done: () => void queries.invalidateQueries() })
  return (
    <li className="nudge-row" data-nudge={id}>
      <span className="two">
        <span>
          {label} · <strong>{stateWords[state]}</strong>
          {state === 'answered' && (
            <span>
              ：{before ?? '（空）'} → {after}
            </span>
          )}
        </span>
        <small className="quiet">
          「{note}」 {byName} {exactText(at)}
          {answeredAt && `，客户于 ${exactText(answeredAt)} 补充`}
        </small>
      </span>
      {state === 'open' && (
        <Button
          size="small"
          loading={withdraw.isPending}
          onClick={() => withdraw.mutate({ params: { id } })}
        >
          撤回
        </Button>
      )}
    </li>
  )
}
