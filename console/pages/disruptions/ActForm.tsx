import { disruptionMost, type Fallback, fallbacks } from '@jiyue/contract/disruption'
import { price } from '@jiyue/contract/money'
import { merchantOffsetMinutes } from '@jiyue/contract/time'
import { App, Checkbox, DatePicker, Form, Input, InputNumber, Radio } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import { useRef } from 'react'
import { useAct } from '../../acting.ts'
import { serverNow } from '../../clock.ts'
import { newId } from '../../newId.ts'
import { Reasoned } from '../../parts/Reasoned.tsx'
import { YuanInput } from '../../parts/YuanInput.tsx'
import { useWhyNoRight } from '../../useWhyNoRight.ts'
import type { PreviewReply } from './usePreview.ts'

interface ActFormProps {
  slotIds: readonly string[]
  choiceIds: readonly string[]
  preview: PreviewReply
  done: (id: string) => void
}

interface Values {
  reason: string
  note?: string
  /** Wall clock of the merchant, whatever the zone of this screen is. */
  deadlineAt: Dayjs
  choiceIds?: never
  fallback: Fallback
  gives: boolean
  offFen?: number | null
  days?: number | null
}

/** Usual time to answer, never past the first start. */
const usualMs = 2 * 3_600_000

/** Why, what silence means, what they get for it; then the one act. */
export function ActForm({ slotIds, choiceIds, preview, done }: ActFormProps) {
  const { modal } = App.useApp()
  const [form] = Form.useForm<Values>()
  const gives = Form.useWatch('gives', form)
  const fallback = Form.useWatch('fallback', form)
  // Kept over repeats: a lost answer must not act twice.
  const id = useRef(newId())
  const noRight = useWhyNoRight('disruption')
  const why =
    noRight ??
    (choiceIds.length > disruptionMost.choices
      ? `可改时段最多选 ${disruptionMost.choices} 个，现已选 ${choiceIds.length} 个`
      : null)
  const act = useAct('putDisruption', { form: { form }, done: (saved) => done(saved.id) })

  const send = (values: Values) => {
    if (act.error && !act.error.no.unheard) id.current = newId()
    act.mutate({
      params: { id: id.current },
      body: {
        slotIds: [...slotIds],
        choiceIds: [...choiceIds],
        reason: values.reason,
        note: values.note?.trim() || null,
        fallback: values.fallback,
        deadlineAt: instantFrom(values.deadlineAt),
        coupon:
          values.gives && values.offFen && values.days
            ? { offFen: values.offFen, days: values.days }
            : null,
      },
    })
  }
  const ask = (values: Values) =>
    modal.confirm({
      title: '立即执行？',
      content: `${slotIds.length} 个时段将停止预约，${preview.orders} 个已缴费订单会收到紧急通知（${price(preview.paidFen)} 可全额退款），${preview.unpaid} 个未缴费订单将关闭。执行后不能撤回。`,
      okText: '立即执行',
      okButtonProps: { danger: true },
      cancelText: '再核对一下',
      onOk: () => send(values),
    })

  const usual = Math.min(serverNow() + usualMs, Date.parse(preview.latestDeadlineAt))
  return (
    <section className="card" aria-label="安排">
      <h2>3. 原因与安排</h2>
      <Form
        form={form}
        layout="vertical"
        className="disruption-form"
        initialValues={{
          fallback: 'refund',
          gives: false,
          offFen: 2000,
          days: 30,
          deadlineAt: wallFrom(usual),
        }}
        onFinish={ask}
      >
        <Form.Item
          name="reason"
          label="原因"
          extra="用户会看到：因「原因」，该时段无法提供服务"
          rules={[{ required: true, whitespace: true, message: '请写明原因' }]}
        >
          <Input maxLength={60} showCount placeholder="如：讲师突发疾病" />
        </Form.Item>
        <Form.Item name="note" label="新的安排（可不填）">
          <Input.TextArea maxLength={120} showCount rows={2} placeholder="如：由李老师代课" />
        </Form.Item>
        <div className="form-row">
          <Form.Item
            name="deadlineAt"
            label="请用户在此之前选择"
            rules={[{ required: true, message: '请选择截止时间' }]}
          >
            <DatePicker showTime={{ format: 'HH:mm' }} format="M月D日 HH:mm" allowClear={false} />
          </Form.Item>
          <Form.Item name="fallback" label="到时未选择">
            <Radio.Group
              options={(Object.keys(fallbacks) as Fallback[]).map((value) => ({
                value,
                label: value === 'refund' ? '自动全额退款' : '保留等待',
              }))}
            />
          </Form.Item>
        </div>
        {fallback && <p className="quiet">{fallbacks[fallback]}</p>}
        <Form.Item name="gives" valuePropName="checked">
          <Checkbox>每位受影响的用户补偿一张优惠券</Checkbox>
        </Form.Item>
        {gives && (
          <div className="form-row">
            <Form.Item
              name="offFen"
              label="面额"
              extra="下次报名自动抵扣，不抵押金"
              rules={[{ required: true, message: '请输入面额' }]}
            >
              <YuanInput className="wide" min={100} max={1_000_000} />
            </Form.Item>
            <Form.Item
              name="days"
              label="有效天数"
              rules={[{ required: true, message: '请输入天数' }]}
            >
              <InputNumber className="wide" min={1} max={365} precision={0} />
            </Form.Item>
          </div>
        )}
        <Reasoned danger type="primary" htmlType="submit" reason={why} loading={act.isPending}>
          执行紧急通知
        </Reasoned>
      </Form>
    </section>
  )
}

/** The picker shows wall clocks: the merchant's is shown, whatever zone this screen is in. */
const wallFrom = (at: number): Dayjs => {
  const wall = new Date(at + merchantOffsetMinutes * 60_000).toISOString().slice(0, 16)
  return dayjs(wall)
}
const instantFrom = (wall: Dayjs): string =>
  new Date(
    Date.parse(`${wall.format('YYYY-MM-DDTHH:mm')}:00Z`) - merchantOffsetMinutes * 60_000,
  ).toISOString()
