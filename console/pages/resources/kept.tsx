/** What the three lists share: the modal with its form, the marks, the button that retires. */
import type { EndpointName } from '@jiyue/contract/api'
import type { RefusalCode } from '@jiyue/contract/refusals'
import type { Input, Reply } from '@jiyue/contract/schema/wire'
import { App, Form, type FormInstance, Modal, Popconfirm, Tag } from 'antd'
import { type ReactNode, useEffect, useState } from 'react'
import { useAct } from '../../acting.ts'
import { queries } from '../../asking.ts'
import { BeforeAfter } from '../../parts/BeforeAfter.tsx'
import { Reasoned } from '../../parts/Reasoned.tsx'

export type Resources = Reply<'listResources'>
export interface ListProps {
  data: Resources
  /** Why the signed-in person may change nothing; null when they may. */
  reason: string | null
}

export const required = (message: string) => [{ required: true, whitespace: true, message }]

/** What an emptied number is to the endpoint. */
export const orNull = (value: unknown) => value ?? null

type Put = Extract<EndpointName, 'putStaff' | 'putRoom' | 'putBranch' | 'putArea'>

/** How each value is called and shown. */
export type Shown<E extends Put> = readonly (readonly [
  label: string,
  show: (body: Partial<Input<E>['body']>) => string,
])[]

interface EditProps<E extends Put> {
  endpoint: E
  title: string
  /** The id that is edited or added. */
  id: string
  values: Partial<Input<E>['body']>
  /** What the form's values are to the endpoint; themselves by default. */
  bodyOf?: (values: never) => Input<E>['body']
  /** With it a change is looked at before it is kept. */
  shown?: Shown<E>
  /** Refusals that speak about one field without naming it. */
  about?: Partial<Record<RefusalCode, string>>
  close: () => void
  children: ReactNode
}

/** A modal with the form of one resource; a refusal stands beside its field. */
export function Edit<E extends Put>(props: EditProps<E>) {
  const { endpoint, title, id, values, bodyOf, shown = [], about, close, children } = props
  const { message } = App.useApp()
  const [form] = Form.useForm()
  const [wish, setWish] = useState<Input<E>['body'] | null>(null)
  const differencesOf = (body: Input<E>['body']) =>
    shown
      .map(([label, show]) => ({ label, before: show(values), after: show(body) }))
      .filter(({ before, after }) => before !== after)
  const put = useAct(endpoint, {
    form: { form: form as FormInstance, ...(about && { about }) },
    done() {
      void queries.invalidateQueries()
      message.success('已保存')
      close()
    },
  })
  const send = (body: Input<E>['body']) =>
    put.mutate({ params: { id }, body } as unknown as Input<E>, { onError: () => setWish(null) })
  useEffect(() => form.setFieldsValue(values), [form, values])
  return (
    <Modal
      title={title}
      open
      onCancel={close}
      okText="保存"
      okButtonProps={{ htmlType: 'submit', form: 'resource', loading: put.isPending }}
    >
      <Form
        id="resource"
        form={form}
        layout="vertical"
        // What the server said about a field is about the value it had.
        onValuesChange={(changed) =>
          form.setFields(Object.keys(changed).map((name) => ({ name, errors: [] })))
        }
        onFinish={(given) => {
          const body = bodyOf ? bodyOf(given as never) : given
          if (shown.length === 0) return send(body)
          if (differencesOf(body).length === 0) message.info('没有修改')
          else setWish(body)
        }}
      >
        {children}
      </Form>
      {wish && (
        <BeforeAfter
          differences={differencesOf(wish)}
          note="发布后用户端立即生效"
          busy={put.isPending}
          close={() => setWish(null)}
          publish={() => send(wish)}
        />
      )}
    </Modal>
  )
}

interface RetireProps {
  kind: 'Staff' | 'Room'
  one: { id: string; name: string; retired: boolean }
  reason: string | null
}

/** 停用 or 恢复. Where something is ahead the server says what, and nothing happens. */
export function Retire({ kind, one, reason }: RetireProps) {
  const { modal } = App.useApp()
  const done = () => void queries.invalidateQueries()
  const retire = useAct(`put${kind}Retirement`, { done })
  const restore = useAct(`delete${kind}Retirement`, { done })
  const params = { id: one.id }
  if (one.retired)
    return (
      <Reasoned
        reason={reason}
        aria-label={`恢复 ${one.name}`}
        loading={restore.isPending}
        onClick={() => restore.mutate({ params })}
      >
        恢复
      </Reasoned>
    )
  return (
    <Popconfirm
      title={`停用${one.name}？`}
      description="停用后不再出现在可选项里，历史订单不受影响"
      okText="停用"
      disabled={reason !== null}
      onConfirm={() =>
        retire.mutate(
          { params },
          {
            onError: ({ no }) => {
              const why = no.fields?.[0]?.message
              if (why) modal.warning({ title: `暂不能停用${one.name}`, content: why })
            },
          },
        )
      }
    >
      <Reasoned danger reason={reason} aria-label={`停用 ${one.name}`} loading={retire.isPending}>
        停用
      </Reasoned>
    </Popconfirm>
  )
}

/** 「已约 3 · 可约 12」, or that it is retired. */
export function Ahead({
  one,
}: {
  one: { retired: boolean; ahead: Resources['rooms'][number]['ahead'] }
}) {
  if (one.retired) return <Tag>已停用</Tag>
  const { taken, open } = one.ahead
  return (
    <span>
      已约 <b>{taken}</b> · 可约 <b>{open}</b>
    </span>
  )
}
