import { isOptional, reminderKinds } from '@jiyue/contract/reminder'
import type { Wording } from '@jiyue/contract/schema/wording'
import {
  checkWords,
  hintPlaceholders,
  houseWords,
  placeholdersOf,
  type Words,
  wordingLimits,
} from '@jiyue/contract/wording'
import { App, Button, Drawer, Form, Input, Switch } from 'antd'
import { useState } from 'react'
import { useAct } from '../../acting.ts'
import { queries } from '../../asking.ts'
import { translated } from '../../english/text.ts'
import { BeforeAfter, type Difference } from '../../parts/BeforeAfter.tsx'
import { Reasoned } from '../../parts/Reasoned.tsx'
import { useUndo } from '../../parts/useUndo.tsx'
import type { WordingReply } from './Wording.tsx'
import { WordingPreview } from './WordingPreview.tsx'

type Typed = Words & { off: boolean }
type Wish = Pick<Wording, 'text' | 'hint' | 'off'>

interface WordingEditorProps {
  wording: Wording
  data: WordingReply
  reason: string | null
  close: () => void
}

/** One kind's words, with how they arrive beside them. */
export function WordingEditor({ wording, data, reason, close }: WordingEditorProps) {
  const { message } = App.useApp()
  const [form] = Form.useForm<Typed>()
  const { kind, revision } = wording
  const house = houseWords[kind]
  const kept: Typed = {
    text: wording.text ?? house.text,
    hint: wording.hint ?? house.hint,
    off: wording.off,
  }
  const typed: Typed = { ...kept, ...Form.useWatch([], form) }
  const [wish, setWish] = useState<Wish | null>(null)
  const undo = useUndo()
  const publish = useAct('putWording', {
    form: { form },
    done: () => void queries.invalidateQueries(),
  })
  const send = (to: Wish) =>
    publish.mutate(
      { params: { kind }, body: { ...to, revision } },
      {
        onError: () => setWish(null),
        onSuccess: (reply) => {
          close()
          undo('已发布', () =>
            publish.mutate({
              params: { kind },
              body: {
                text: wording.text,
                hint: wording.hint,
                off: wording.off,
                revision: reply.revision,
              },
            }),
          )
        },
      },
    )
  /** Words that are the house's stay the house's. */
  const wishOf = ({ text, hint, off }: Typed): Wish => ({
    text: text.trim() === house.text ? null : text.trim(),
    hint: hint.trim() === house.hint ? null : hint.trim(),
    off,
  })
  const check = (path: keyof Words) => ({
    validator: (_: unknown, value: string) => {
      const problem = checkWords(kind, { ...house, [path]: value }).find((one) => one.path === path)
      return problem ? Promise.reject(new Error(problem.message)) : Promise.resolve()
    },
  })
  const insert = (path: keyof Words, name: string) => {
    form.setFieldValue(path, `${form.getFieldValue(path) ?? ''}{${name}}`)
    void form.validateFields([path])
  }
  const off = reason !== null
  return (
    <Drawer
      title={translated(reminderKinds[kind].zh)}
      open
      size={880}
      onClose={close}
      footer={
        <div className="setting-foot">
          <Reasoned reason={reason} onClick={() => form.setFieldsValue({ ...house })}>
            恢复默认文案
          </Reasoned>
          <Reasoned type="primary" reason={reason} htmlType="submit" form="wording">
            预览并发布
          </Reasoned>
        </div>
      }
    >
      <div className="setting-two">
        <Form
          id="wording"
          form={form}
          layout="vertical"
          disabled={off}
          initialValues={kept}
          onFinish={(values) => {
            const next = wishOf({ ...kept, ...values })
            if (differencesOf(wishOf(kept), next, house).length === 0) message.info('没有修改')
            else setWish(next)
          }}
        >
          <Form.Item
            name="text"
            label="正文"
            extra={`用于站内消息和邮件；${[...typed.text].length} / ${wordingLimits.text} 字`}
            validateFirst
            rules={[check('text')]}
          >
            <Input.TextArea lang="zh-CN" autoSize={{ minRows: 3 }} />
          </Form.Item>
          <Names names={placeholdersOf[kind]} off={off} pick={(name) => insert('text', name)} />
          <Form.Item
            name="hint"
            label="提示语"
            extra="用于微信、支付宝模板和短信里的提示语"
            validateFirst
            rules={[check('hint')]}
          >
            <Input lang="zh-CN" count={{ show: true, max: wordingLimits.hint }} />
          </Form.Item>
          <Names names={hintPlaceholders(kind)} off={off} pick={(name) => insert('hint', name)} />
          {isOptional(kind) ? (
            <Form.Item name="off" label="关闭这类消息" valuePropName="checked">
              <Switch checkedChildren="已关闭" unCheckedChildren="发送" />
            </Form.Item>
          ) : (
            <p className="quiet">这类消息关系到订单与款项，不能关闭</p>
          )}
        </Form>
        <WordingPreview kind={kind} words={typed} off={typed.off} data={data} />
      </div>
      {wish && (
        <BeforeAfter
          differences={differencesOf(wishOf(kept), wish, house)}
          note="发布后发送的消息使用新文案，已排期、尚未发送的也一样；已发送的不变"
          busy={publish.isPending}
          close={() => setWish(null)}
          publish={() => send(wish)}
        />
      )}
    </Drawer>
  )
}

/** Placeholders, put into the text by a click. */
function Names({
  names,
  off,
  pick,
}: {
  names: readonly string[]
  off: boolean
  pick: (name: string) => void
}) {
  if (names.length === 0) return null
  return (
    <div className="wording-names" lang="zh-CN">
      {names.map((name) => (
        <Button key={name} size="small" disabled={off} onClick={() => pick(name)}>
          {`{${name}}`}
        </Button>
      ))}
    </div>
  )
}

function differencesOf(before: Wish, after: Wish, house: Words): Difference[] {
  const rows = [
    { label: '正文', before: before.text ?? house.text, after: after.text ?? house.text },
    { label: '提示语', before: before.hint ?? house.hint, after: after.hint ?? house.hint },
    { label: '发送', before: sending(before.off), after: sending(after.off) },
  ]
  return rows.filter((row) => row.before !== row.after)
}

const sending = (off: boolean) => (off ? '已关闭' : '发送')
