import { findingKinds } from '@jiyue/contract/audit'
import type { Finding } from '@jiyue/contract/schema/audit'
import { App, Form, Input, Modal } from 'antd'
import { useState } from 'react'
import { useAct } from '../../acting.ts'
import { queries } from '../../asking.ts'
import { Reasoned } from '../../parts/Reasoned.tsx'
import { useWhyNoRight } from '../../useWhyNoRight.ts'

/** 标记已知悉: who, and what they do about it, so that the others need not ask. */
export function Acknowledge({ finding }: { finding: Finding }) {
  const { message } = App.useApp()
  const reason = useWhyNoRight('audit')
  const [open, setOpen] = useState(false)
  const [form] = Form.useForm<{ note: string }>()
  const acknowledge = useAct('putAcknowledgement', {
    form: { form },
    done() {
      message.success('已记录')
      setOpen(false)
      void queries.invalidateQueries()
    },
  })
  const { id, kind, acknowledged } = finding
  return (
    <>
      <Reasoned reason={reason} onClick={() => setOpen(true)}>
        {acknowledged ? '补充说明' : '标记已知悉'}
      </Reasoned>
      <Modal
        title={findingKinds[kind].zh}
        open={open}
        onCancel={() => setOpen(false)}
        okText="保存"
        okButtonProps={{ htmlType: 'submit', form: id, loading: acknowledge.isPending }}
        width={480}
        destroyOnHidden
      >
        <p className="quiet resolve-advice">{findingKinds[kind].action}</p>
        <Form
          id={id}
          form={form}
          layout="vertical"
          onFinish={(body) => acknowledge.mutate({ params: { id }, body })}
        >
          <Form.Item
            name="note"
            label="处理说明"
            rules={[{ required: true, whitespace: true, message: '请填写处理说明' }]}
          >
            <Input.TextArea
              autoFocus
              maxLength={300}
              autoSize={{ minRows: 3 }}
              placeholder="如：已通知技术支持，正在核对当天订单"
            />
          </Form.Item>
        </Form>
      </Modal>
    </>
  )
}
