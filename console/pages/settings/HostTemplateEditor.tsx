import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import {
  reminderKindNames,
  reminderKinds,
  type TemplateFact,
  templateFacts,
} from '@jiyue/contract/reminder'
import type { KeptTemplate } from '@jiyue/contract/schema/wording'
import {
  type HostTemplate,
  hinted,
  houseWords,
  messageHostWords,
  templateFactWords,
  templateProblem,
  type Values,
} from '@jiyue/contract/wording'
import { App, Button, Drawer, Form, Input, Select, Space } from 'antd'
import { useState } from 'react'
import { useAct } from '../../acting.ts'
import { queries } from '../../asking.ts'
import { translated } from '../../english/text.ts'
import { BeforeAfter } from '../../parts/BeforeAfter.tsx'
import { Reasoned } from '../../parts/Reasoned.tsx'
import { useUndo } from '../../parts/useUndo.tsx'
import { templateWords } from '../messages/templateWords.ts'
import type { WordingReply } from './Wording.tsx'
import { TemplateShown } from './WordingPreview.tsx'

interface Typed {
  id: string
  rows: { key: string; fact: TemplateFact }[]
}

interface HostTemplateEditorProps {
  kept: KeptTemplate
  data: WordingReply
  reason: string | null
  close: () => void
}

const rowsOf = (from: HostTemplate | null): Typed => ({
  id: from?.id ?? '',
  rows: Object.entries(from?.keys ?? {}).map(([key, fact]) => ({ key, fact })),
})
const templateOf = ({ id = '', rows = [] }: Partial<Typed>): HostTemplate => ({
  id: id.trim(),
  keys: Object.fromEntries(
    rows.flatMap((row) => (row?.key && row.fact ? [[row.key.trim(), row.fact]] : [])),
  ),
})
const keysText = (from: HostTemplate | null) =>
  Object.entries(from?.keys ?? {})
    .map(([key, fact]) => `${key} → ${templateFactWords[fact]}`)
    .join('\n')

/** A template at a platform: its id there, and which of our facts each of its fields shows. */
export function HostTemplateEditor({ kept, data, reason, close }: HostTemplateEditorProps) {
  const { message } = App.useApp()
  const undo = useUndo()
  const [form] = Form.useForm<Typed>()
  const { host, template, set, shipped, left, revision } = kept
  const before = set ?? shipped
  const typed = { ...rowsOf(before), ...Form.useWatch([], form) }
  const [wish, setWish] = useState<{ to: HostTemplate | null } | null>(null)
  const put = useAct('putHostTemplate', {
    form: { form },
    done: () => void queries.invalidateQueries(),
  })
  const send = (to: HostTemplate | null) =>
    put.mutate(
      { params: { host, template }, body: { set: to, revision } },
      {
        onError: () => setWish(null),
        onSuccess: (reply) => {
          close()
          undo('已发布', () =>
            put.mutate({
              params: { host, template },
              body: { set, revision: reply.revision },
            }),
          )
        },
      },
    )
  function check(values: Typed) {
    const to = templateOf(values)
    const problem = templateProblem(host, to)
    if (problem) {
      const name = problem.path === 'keys' ? 'rows' : 'id'
      return form.setFields([{ name, errors: [problem.message] }])
    }
    if (new Set(values.rows.map(({ key }) => key.trim())).size < values.rows.length)
      return form.setFields([{ name: 'rows', errors: ['字段名不能重复'] }])
    const same = to.id === before?.id && keysText(to) === keysText(before)
    if (same) message.info('没有修改')
    else setWish({ to })
  }
  const after = wish ? (wish.to ?? shipped) : null
  const kinds = reminderKindNames.filter((kind) => reminderKinds[kind].template === template)
  return (
    <Drawer
      title={`${messageHostWords[host]} · ${templateWords[template]}`}
      open
      size={880}
      onClose={close}
      footer={
        <div className="setting-foot">
          <Reasoned
            reason={reason ?? (set ? null : '现在用的就是部署配置')}
            onClick={() => setWish({ to: null })}
          >
            恢复部署配置
          </Reasoned>
          <Reasoned type="primary" reason={reason} htmlType="submit" form="hostTemplate">
            预览并发布
          </Reasoned>
        </div>
      }
    >
      <div className="setting-two">
        <Form
          id="hostTemplate"
          form={form}
          layout="vertical"
          disabled={reason !== null}
          initialValues={rowsOf(before)}
          // What was said about the rows is about what they were.
          onValuesChange={() => form.setFields([{ name: 'rows', errors: [] }])}
          onFinish={check}
        >
          <Form.Item
            name="id"
            label="模板编号"
            extra={`在${messageHostWords[host]}平台选用模板后得到`}
            rules={[{ required: true, whitespace: true, message: '请填写模板编号' }]}
          >
            <Input maxLength={64} />
          </Form.Item>
          <Form.List name="rows">
            {(fields, { add, remove }, { errors }) => (
              <Form.Item
                label="字段"
                extra={
                  host === 'weapp'
                    ? '字段名照模板详情填写，如 thing1、time2；thing 最多显示 20 字'
                    : '字段名照模板详情填写，如 keyword1'
                }
              >
                {fields.map(({ key, name }) => (
                  <Space key={key} className="wording-row" align="baseline">
                    <Form.Item
                      name={[name, 'key']}
                      noStyle
                      rules={[{ required: true, message: '请填写字段名' }]}
                    >
                      <Input placeholder="字段名" aria-label={`字段 ${name + 1}`} maxLength={40} />
                    </Form.Item>
                    <span>显示</span>
                    <Form.Item
                      name={[name, 'fact']}
                      noStyle
                      rules={[{ required: true, message: '请选择内容' }]}
                    >
                      <Select
                        className="wording-fact"
                        aria-label={`字段 ${name + 1} 显示`}
                        options={templateFacts.map((value) => ({
                          value,
                          label: templateFactWords[value],
                        }))}
                      />
                    </Form.Item>
                    <Button
                      type="text"
                      icon={<DeleteOutlined />}
                      aria-label={`删除字段 ${name + 1}`}
                      onClick={() => remove(name)}
                    />
                  </Space>
                ))}
                <Form.ErrorList errors={errors} />
                <Button icon={<PlusOutlined />} onClick={() => add({ key: '', fact: 'hint' })}>
                  添加字段
                </Button>
              </Form.Item>
            )}
          </Form.List>
        </Form>
        <aside className="setting-preview wording-preview" aria-label="模板预览">
          <small className="quiet">预览（示例订单）</small>
          {kinds.map((kind) => {
            const own = data.kinds.find((one) => one.kind === kind)
            const hint = hinted(kind, own?.hint ?? houseWords[kind].hint, data.example as Values)
            return (
              <div key={kind}>
                <h3>{translated(reminderKinds[kind].zh)}</h3>
                <TemplateShown
                  keys={templateOf(typed).keys}
                  facts={{ ...(data.facts as Record<TemplateFact, string>), hint }}
                />
              </div>
            )
          })}
        </aside>
      </div>
      {wish && (
        <BeforeAfter
          differences={[
            { label: '模板编号', before: before?.id, after: after?.id },
            { label: '字段', before: keysText(before), after: keysText(after) },
          ].filter((row) => row.before !== row.after)}
          note={
            after?.id === before?.id
              ? '发布后发送的消息按新字段显示'
              : `用户按模板编号授权：换编号后，现有 ${left} 份授权要改回原编号才能再用，其间改由短信或邮件发送`
          }
          busy={put.isPending}
          close={() => setWish(null)}
          publish={() => send(wish.to)}
        />
      )}
    </Drawer>
  )
}
