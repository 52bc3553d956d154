import {
  feedbackCauses,
  feedbackCauseWords,
  feedbackLength,
  mayFeedback,
} from '@jiyue/contract/feedback'
import type { ConsoleFeedback } from '@jiyue/contract/schema/feedback'
import type { Input as WireInput } from '@jiyue/contract/schema/wire'
import { App, Form, Input, Modal, Select } from 'antd'
import { useState } from 'react'
import { useAct } from '../../acting.ts'
import { queries } from '../../asking.ts'
import { Reasoned } from '../../parts/Reasoned.tsx'

const causes = feedbackCauses.map((value) => ({ value, label: feedbackCauseWords[value] }))

/** Closing with cause and solution, opening again with a reason. */
export function Closing({ one }: { one: ConsoleFeedback }) {
  const [open, setOpen] = useState<'close' | 'reopen' | null>(null)
  const noClose = mayFeedback(one.state, 'close') ? null : '已办结'
  const noReopen = mayFeedback(one.state, 'reopen') ? null : '尚未办结'
  return (
    <div className="drawer-actions feedback-actions">
      <Reasoned reason={noReopen} onClick={() => setOpen('reopen')}>
        重新打开
      </Reasoned>
      <Reasoned reason={noClose} type="primary" onClick={() => setOpen('close')}>
        办结
      </Reasoned>
      {open === 'close' && <CloseForm one={one} done={() => setOpen(null)} />}
      {open === 'reopen' && <ReopenForm one={one} done={() => setOpen(null)} />}
    </div>
  )
}

interface FormProps {
  one: ConsoleFeedback
  done: () => void
}

function CloseForm({ one, done }: FormProps) {
  const { message } = App.useApp()
  const [form] = Form.useForm<WireInput<'putFeedbackClosure'>['body']>()
  const act = useAct('putFeedbackClosure', {
    form: { form },
    done() {
      message.success('已办结，处理结果会告知用户')
      done()
      void queries.invalidateQueries()
    },
  })
  return (
    <Modal
      title="办结反馈"
      open
      onCancel={done}
      okText="办结"
      okButtonProps={{ htmlType: 'submit', form: 'feedback-close', loading: act.isPending }}
      width={440}
    >
      <Form
        id="feedback-close"
        form={form}
        layout="vertical"
        onFinish={(body) => act.mutate({ params: { id: one.id }, body })}
      >
        <Form.Item name="cause" label="原因" rules={[{ required: true, message: '请选择原因' }]}>
          <Select placeholder="请选择" options={causes} />
        </Form.Item>
        <Form.Item
          name="solution"
          label="处理结果"
          extra="用户会看到处理结果；原因仅用于统计"
          rules={[{ required: true, whitespace: true, message: '请填写处理结果' }]}
        >
          <Input.TextArea maxLength={feedbackLength} autoSize={{ minRows: 3 }} />
        </Form.Item>
      </Form>
    </Modal>
  )
}

function ReopenForm({ one, done }: FormProps) {
  const { message } = App.useApp()
  const [form] = Form.useForm<{ reason: string }>()
  const act = useAct('putFeedbackReopening', {
    form: { form },
    done() {
      message.success('已重新打开')
      done()
      void queries.invalidateQueries()
    },
  })
  return (
    <Modal
      title="重新打开"
      open
      onCancel={done}
      okText="重新打开"
      okButtonProps={{ htmlType: 'submit', form: 'feedback-reopen', loading: act.isPending }}
      width={440}
    >
      <Form
        id="feedback-reopen"
        form={form}
        layout="vertical"
        onFinish={(body) => act.mutate({ params: { id: one.id }, body })}
      >
        <Form.Item
          name="reason"
          label="原因"
          rules={[{ required: true, whitespace: true, message: '请填写原因' }]}
        >
          <Input.TextArea maxLength={200} autoSize={{ minRows: 2 }} />
        </Form.Item>
      </Form>
    </Modal>
  )
}
