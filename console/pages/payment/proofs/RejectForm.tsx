import { App, Button, Form, Input } from 'antd'
import { useAct } from '../../../acting.ts'
import type { DecisionProps } from './ApproveForm.tsx'

/** What is most often wrong, in words the person can act on. */
const templates = [
  {
    name: '看不清',
    /* @chinese the payer reads it */ text: '图片看不清，请上传包含金额、时间和交易单号的完整截图',
  },
  { name: '未到账', /* @chinese */ text: '商户账户没有查到这笔付款，请核对扣款记录后重新提交' },
  { name: '非付款截图', /* @chinese */ text: '这不是付款成功的截图，请上传支付账单详情页的截图' },
  { name: '其他订单', /* @chinese */ text: '这笔付款属于另一个订单，请上传本订单的付款截图' },
]

/** 驳回: with a reason that the person reads; they may send another proof. */
export function RejectForm({ proof, decided, back }: DecisionProps) {
  const { message } = App.useApp()
  const [form] = Form.useForm<{ reason: string }>()
  const decide = useAct('putDecision', {
    form: { form },
    done(saved) {
      message.success(`已驳回，${proof.person} 会收到原因`)
      decided(saved)
    },
  })
  return (
    <Form
      form={form}
      layout="vertical"
      onKeyDown={({ key }) => key === 'Escape' && back()}
      onFinish={({ reason }) =>
        decide.mutate({ params: { id: proof.id }, body: { decision: 'reject', reason } })
      }
    >
      <Form.Item label="常用原因">
        <div className="review-templates">
          {templates.map(({ name, text }) => (
            <Button key={name} onClick={() => form.setFieldsValue({ reason: text })}>
              {name}
            </Button>
          ))}
        </div>
      </Form.Item>
      <Form.Item
        name="reason"
        label="驳回原因（用户可见）"
        rules={[{ required: true, whitespace: true, message: '请填写原因' }]}
      >
        <Input.TextArea
          autoFocus
          maxLength={200}
          autoSize={{ minRows: 3 }}
          onPressEnter={(event) => {
            if (event.shiftKey || event.nativeEvent.isComposing) return
            event.preventDefault()
            form.submit()
          }}
        />
      </Form.Item>
      <div className="review-buttons">
        <Button onClick={back}>返回</Button>
        <Button danger type="primary" htmlType="submit" loading={decide.isPending}>
          确认驳回
        </Button>
      </div>
    </Form>
  )
}
