import { price } from '@jiyue/contract/money'
import { methodWords, refundReasons } from '@jiyue/contract/payment'
import type { ConsoleProof } from '@jiyue/contract/schema/money'
import { App, Button, Checkbox, Form, Input } from 'antd'
import { useAct } from '../../../acting.ts'
import { YuanInput } from '../../../parts/YuanInput.tsx'

interface Values {
  paidFen: number
  transactionId: string
  seen: boolean
}

export interface DecisionProps {
  proof: ConsoleProof
  decided: (proof: ConsoleProof) => void
  back: () => void
}

/**
 * 通过: the payment counts as made, so the figures are confirmed one by one, and that the money was
 * seen in the merchant's own account: a picture alone proves nothing.
 */
export function ApproveForm({ proof, decided, back }: DecisionProps) {
  const { message } = App.useApp()
  const [form] = Form.useForm<Values>()
  const paid = Form.useWatch('paidFen', form)
  const decide = useAct('putDecision', {
    form: { form, about: { transaction_known: 'transactionId' } },
    done(saved) {
      message.success(`已通过 ${proof.person} 的凭证`)
      decided(saved)
    },
  })
  return (
    <Form
      form={form}
      layout="vertical"
      onKeyDown={({ key }) => key === 'Escape' && back()}
      initialValues={{ paidFen: proof.paidFen, transactionId: proof.transactionId ?? '' }}
      onFinish={({ paidFen, transactionId }) =>
        decide.mutate({
          params: { id: proof.id },
          body: { decision: 'approve', paidFen, transactionId },
        })
      }
    >
      <Form.Item
        name="paidFen"
        label="核对实收金额"
        rules={[{ required: true, message: '请填写实收金额' }]}
        extra={
          paid !== undefined && paid !== proof.payableFen
            ? `与应付 ${price(proof.payableFen)} 不一致：通过后按「${refundReasons.wrong_amount}」处理`
            : undefined
        }
      >
        <YuanInput autoFocus className="wide" />
      </Form.Item>
      <Form.Item
        name="transactionId"
        label="核对交易单号"
        rules={[
          { required: true, message: '请填写交易单号' },
          { pattern: /^[0-9A-Za-z]{8,64}$/, message: '请输入支付账单中的交易单号' },
        ]}
      >
        <Input maxLength={64} autoComplete="off" spellCheck={false} />
      </Form.Item>
      <Form.Item
        name="seen"
        valuePropName="checked"
        rules={[
          {
            validator: (_, seen) =>
              seen ? Promise.resolve() : Promise.reject(new Error('请先到商户账户核对')),
          },
        ]}
      >
        <Checkbox>已在{methodWords[proof.method].zh}的商户账户查到这笔收款</Checkbox>
      </Form.Item>
      <div className="review-buttons">
        <Button onClick={back}>返回</Button>
        <Button type="primary" htmlType="submit" loading={decide.isPending}>
          确认通过
        </Button>
      </div>
    </Form>
  )
}
