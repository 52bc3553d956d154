import { differenceKinds } from '@jiyue/contract/bill'
import type { Difference } from '@jiyue/contract/schema/money'
import { App, Form, Input, Modal } from 'antd'
import { useState } from 'react'
import { useAct } from '../../../acting.ts'
import { queries } from '../../../asking.ts'
import { Reasoned } from '../../../parts/Reasoned.tsx'
import { useWhyNoRight } from '../../../useWhyNoRight.ts'

/** 标记已处理: with a note, so that whoever audits the month can follow. */
export function Resolve({ difference }: { difference: Difference }) {
  const { message } = App.useApp()
  const reason = useWhyNoRight('money')
  const [open, setOpen] = useState(false)
  const [form] = Form.useForm<{ note: string }>()
  const resolve = useAct('putResolution', {
    form: { form },
    done() {
      message.success('已标记为处理完成')
      setOpen(false)
      void queries.invalidateQueries()
    },
  })
  return (
    <>
      <Reasoned reason={reason} onClick={() => setOpen(true)}>
        标记已处理
      </Reasoned>
      <Modal
        title={`处理：${differenceKinds[difference.kind].zh}`}
        open={open}
        onCancel={() => setOpen(false)}
        okText="保存"
        okButtonProps={{ htmlType: 'submit', form: difference.id, loading: resolve.isPending }}
        width={480}
        destroyOnHidden
      >
        <p className="quiet resolve-advice">{differenceKinds[difference.kind].action}</p>
        <Form
          id={difference.id}
          form={form}
          layout="vertical"
          onFinish={(body) => resolve.mutate({ params: { id: difference.id }, body })}
        >
          <Form.Item
            name="note"
            label="处理结果"
            rules={[{ required: true, whitespace: true, message: '请填写处理结果' }]}
          >
            <Input.TextArea
              autoFocus
              maxLength={300}
              autoSize={{ minRows: 3 }}
              placeholder="如：已在商户平台原路退回，退款单号……"
            />
          </Form.Item>
        </Form>
      </Modal>
    </>
  )
}
