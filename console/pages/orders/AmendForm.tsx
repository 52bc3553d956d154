import type { FormField } from '@jiyue/contract/fields/kinds'
import { checkField, visibleFields } from '@jiyue/contract/fields/registry'
import type { Reply } from '@jiyue/contract/schema/wire'
import { App, Form, Input, Modal, Skeleton } from 'antd'
import { useRef, useState } from 'react'
import { useAct } from '../../acting.ts'
import { queries, useAsk } from '../../asking.ts'
import { serverNow } from '../../clock.ts'
import { translated } from '../../english/text.ts'
import { newId } from '../../newId.ts'
import { Asked } from '../../parts/Asked.tsx'
import { Reasoned } from '../../parts/Reasoned.tsx'
import { AnswerInput } from './AnswerInput.tsx'

type Order = Reply<'getConsoleOrder'>
type Kept = Reply<'getConsoleRegistration'>
type Values = Readonly<Record<string, unknown>>

interface AmendProps {
  order: Pick<Order, 'id' | 'person'>
  reason: string | null
}

/** 修改报名: answers put right for somebody, with a reason they read. */
export function Amend({ order, reason }: AmendProps) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Reasoned reason={reason} onClick={() => setOpen(true)}>
        修改报名
      </Reasoned>
      {open && <AmendDialog order={order} close={() => setOpen(false)} />}
    </>
  )
}

function AmendDialog({ order, close }: { order: AmendProps['order']; close: () => void }) {
  const query = useAsk(
    'getConsoleRegistration',
    { params: { id: order.id } },
    { staleTime: 0, refetchOnWindowFocus: false },
  )
  const [busy, setBusy] = useState(false)
  return (
    <Modal
      title="修改报名信息"
      open
      onCancel={close}
      okText="保存修改"
      okButtonProps={{ htmlType: 'submit', form: 'amend', loading: busy, disabled: !query.data }}
      width={560}
    >
      <Asked query={query} waiting={<Skeleton active paragraph={{ rows: 8 }} />}>
        {(kept) => (
          <AmendForm
            key={kept.revision}
            order={order}
            kept={kept}
            close={close}
            setBusy={setBusy}
          />
        )}
      </Asked>
    </Modal>
  )
}

interface AmendFormProps {
  order: AmendProps['order']
  kept: Kept
  close: () => void
  setBusy: (busy: boolean) => void
}

function AmendForm({ order, kept, close, setBusy }: AmendFormProps) {
  const { message } = App.useApp()
  const [form] = Form.useForm<{ reason: string }>()
  const [values, setValues] = useState<Values>({})
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const [said, setSaid] = useState<Readonly<Record<string, string>>>({})
  const id = useRef(newId())
  const fields = kept.form.fields as FormField[]
  const shown = visibleFields(fields, { ...kept.values, ...kept.masked, ...values })
  const put = useAct('putAmendment', {
    form: { form },
    done() {
      message.success(`已修改 ${order.person} 的报名信息，已通知客户`)
      close()
      void queries.invalidateQueries()
    },
  })
  function problemOf(field: FormField): string | null {
    if (said[field.id]) return said[field.id] ?? null
    if (!(field.id in values) || !left.has(field.id)) return null
    const problem = checkField(field, values[field.id], serverNow())
    return problem && translated(problem.message)
  }
  function type(field: FormField, value: unknown) {
    const { [field.id]: _, ...rest } = values
    // Emptied again, what is sealed stays as it is.
    const isBack = field.id in kept.masked && (value === '' || value === undefined)
    setValues(isBack ? rest : { ...rest, [field.id]: value })
    const { [field.id]: __, ...others } = said
    setSaid(others)
  }
  function save({ reason }: { reason: string }) {
    if (Object.keys(values).length === 0) return void message.info('没有修改')
    const wrong = shown.filter((field) => field.id in values)
    setLeft(new Set(wrong.map((field) => field.id)))
    if (wrong.some((field) => checkField(field, values[field.id], serverNow()))) return
    const body = { orderId: order.id, revision: kept.revision, values: { ...values }, reason }
    // An answer that was lost may have been a yes to what was typed then, and to nothing else.
    const isAgain =
      put.error?.no.unheard && JSON.stringify(put.variables?.body) === JSON.stringify(body)
    if (put.error && !isAgain) id.current = newId()
    setBusy(true)
    put.mutate(
      { params: { id: id.current }, body },
      {
        onSettled: () => setBusy(false),
        onError: ({ no }) =>
          setSaid(
            Object.fromEntries(
              (no.fields ?? []).map(({ path, message }) => [path.split('.')[0] ?? path, message]),
            ),
          ),
      },
    )
  }
  return (
    <Form id="amend" form={form} layout="vertical" onFinish={save}>
      {shown.map((field) => (
        <Form.Item
          key={field.id}
          label={field.label}
          required={field.required}
          htmlFor={`amend-${field.id}`}
          {...problemLook(problemOf(field))}
          {...(field.kind === 'file' && { extra: '图片由客户上传，可用「请客户补充」' })}
        >
          <AnswerInput
            id={`amend-${field.id}`}
            field={field}
            value={field.id in values ? values[field.id] : kept.values[field.id]}
            masked={kept.masked[field.id] ?? null}
            onType={(value) => type(field, value)}
            onLeave={() => setLeft(new Set([...left, field.id]))}
          />
        </Form.Item>
      ))}
      <Form.Item
        name="reason"
        label="修改原因"
        extra="客户会在消息中看到；修改前后的内容都保留在记录中"
        rules={[{ required: true, whitespace: true, message: '请写明原因' }]}
      >
        <Input.TextArea
          maxLength={200}
          autoSize={{ minRows: 2 }}
          placeholder="如：客户来电更正姓名"
        />
      </Form.Item>
    </Form>
  )
}

const problemLook = (problem: string | null) =>
  problem ? ({ validateStatus: 'error', help: problem } as const) : {}
