import { feedbackLength, mayFeedback, wechatReplyLength } from '@jiyue/contract/feedback'
import type { ConsoleFeedback } from '@jiyue/contract/schema/feedback'
import { App, Form, Input, Segmented } from 'antd'
import { useRef, useState } from 'react'
import { useAct } from '../../acting.ts'
import { queries } from '../../asking.ts'
import { translated } from '../../english/text.ts'
import { newId } from '../../newId.ts'
import { Reasoned } from '../../parts/Reasoned.tsx'
import { stampText } from '../../stamp.ts'
import { Pictures } from './Pictures.tsx'

type Line = ConsoleFeedback['words'][number]

const kindWords: Record<Line['kind'], string> = {
  said: '用户',
  reply: '回复',
  note: '内部备注',
  log: '处理记录',
}

const toldWords: Record<NonNullable<Line['told']>, string> = {
  due: '正在同步到微信',
  told: '已同步到微信',
  refused: '微信未接受',
}

/** The conversation, the team's notes and what was done, in the order it came; and what to write next. */
export function Talk({ one }: { one: ConsoleFeedback }) {
  return (
    <section className="drawer-part" aria-label="沟通记录">
      <h3>沟通记录</h3>
      {one.words.length === 0 && <p className="quiet">还没有回复</p>}
      <ul className="feedback-lines">
        {one.words.map((line) => (
          <li key={line.id} className={`feedback-line feedback-${line.kind}`}>
            <small className="quiet">
              {kindWords[line.kind]} · {translated(line.byName)} · {stampText(line.at)}
              {line.told && <span data-told={line.told}> · {toldWords[line.told]}</span>}
            </small>
            <p>{line.kind === 'log' ? translated(line.text) : line.text}</p>
            <Pictures one={one} wordsId={line.id} />
          </li>
        ))}
      </ul>
      <Write one={one} />
    </section>
  )
}

function Write({ one }: { one: ConsoleFeedback }) {
  const { message } = App.useApp()
  const [form] = Form.useForm<{ text: string }>()
  const [kind, setKind] = useState<'reply' | 'note'>('reply')
  const wordsId = useRef(newId())
  const act = useAct('putConsoleFeedbackWords', {
    form: { form },
    done() {
      message.success(kind === 'reply' ? '已回复，用户会收到消息' : '备注已保存，仅团队可见')
      wordsId.current = newId()
      form.resetFields()
      void queries.invalidateQueries()
    },
  })
  const send = ({ text }: { text: string }) => {
    // An answer that was lost may have been a yes: the same wish is repeated under its number.
    if (act.error && !act.error.no.unheard) wordsId.current = newId()
    act.mutate({ params: { id: one.id, wordsId: wordsId.current }, body: { kind, text } })
  }
  const reason =
    kind === 'reply' && !mayFeedback(one.state, 'reply') ? '已办结，请先重新打开再回复' : null
  const most = kind === 'reply' && one.source === 'wechat' ? wechatReplyLength : feedbackLength
  return (
    <Form form={form} layout="vertical" onFinish={send}>
      <Segmented
        className="feedback-kinds"
        value={kind}
        onChange={setKind}
        options={[
          { value: 'reply', label: '回复用户' },
          { value: 'note', label: '内部备注' },
        ]}
      />
      <Form.Item name="text" rules={[{ required: true, whitespace: true, message: '请填写内容' }]}>
        <Input.TextArea
          aria-label={kind === 'reply' ? '回复用户' : '内部备注'}
          maxLength={most}
          showCount
          autoSize={{ minRows: 2, maxRows: 8 }}
          placeholder={kind === 'reply' ? '用户会在消息和「我的反馈」中看到' : '仅团队可见'}
        />
      </Form.Item>
      <Reasoned reason={reason} htmlType="submit" loading={act.isPending}>
        {kind === 'reply' ? '发送回复' : '保存备注'}
      </Reasoned>
      {reason && <span className="quiet feedback-reason">{reason}</span>}
    </Form>
  )
}
