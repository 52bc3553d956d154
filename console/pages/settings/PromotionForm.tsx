import type { ConsolePromotion } from '@jiyue/contract/schema/settings'
import type { Input as Asked } from '@jiyue/contract/schema/wire'
import {
  type PromotionKind,
  promotionKinds,
  promotionKindWords,
  promotionWorth,
} from '@jiyue/contract/settings'
import { addDays, type Day, dayOf, instantOf } from '@jiyue/contract/time'
import { App, DatePicker, Form, Input, InputNumber, Modal, Select } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import { useState } from 'react'
import { useAct } from '../../acting.ts'
import { queries, useAsk } from '../../asking.ts'
import { BeforeAfter } from '../../parts/BeforeAfter.tsx'
import { YuanInput } from '../../parts/YuanInput.tsx'
import { stampText } from '../../stamp.ts'

interface PromotionFormProps {
  id: string
  /** Undefined for a new one. */
  promotion: ConsolePromotion | undefined
  close: () => void
}

interface Typed {
  label: string
  serviceId?: string
  kind: PromotionKind
  value: number
  days: [Dayjs, Dayjs]
  position: number
}

type Body = Omit<Asked<'putPromotion'>['body'], 'revision'>

const bodyOf = ({ serviceId, days: [from, to], ...typed }: Typed): Body => ({
  ...typed,
  serviceId: serviceId ?? null,
  startsAt: startOf(from.format('YYYY-MM-DD')),
  endsAt: startOf(addDays(to.format('YYYY-MM-DD'), 1)),
})

/** Days are the merchant's, wherever the browser is; the end itself is the next day's first moment. */
const startOf = (day: Day) => new Date(instantOf(day)).toISOString()
const dayIn = (instant: string, ms: number) => dayjs(dayOf(Date.parse(instant) + ms))

/** Adds or changes a promotion. Orders that are registered keep what they were promised. */
export function PromotionForm({ id, promotion: now, close }: PromotionFormProps) {
  // As it was when it was opened: what somebody else saves meanwhile is not overwritten unseen.
  const [promotion] = useState(now)
  const { message } = App.useApp()
  const [form] = Form.useForm<Typed>()
  const services = useAsk('listConsoleServices', {})
  const kind = Form.useWatch('kind', form) ?? promotion?.kind ?? 'amount'
  const put = useAct('putPromotion', {
    form: { form },
    done() {
      void queries.invalidateQueries()
      message.success('已发布，用户端立即生效')
      close()
    },
  })
  const [wish, setWish] = useState<Body | null>(null)
  const serviceName = (one: string | null) =>
    one === null ? '全部服务' : (services.data?.services.find(({ id }) => id === one)?.name ?? '')
  /** As people read it, line by line. */
  const shownOf = (body: Omit<Body, 'note'>): { label: string; after: string }[] => [
    { label: '名称', after: body.label },
    { label: '优惠额', after: promotionWorth(body.kind, body.value) },
    { label: '类型', after: promotionKindWords[body.kind] },
    { label: '适用服务', after: serviceName(body.serviceId) },
    { label: '开始', after: stampText(body.startsAt) },
    { label: '结束', after: stampText(body.endsAt) },
    { label: '计算顺序', after: String(body.position) },
  ]
  const was = promotion ? shownOf({ ...promotion, serviceId: promotion.service?.id ?? null }) : []
  const start = promotion
    ? {
        ...promotion,
        serviceId: promotion.service?.id,
        days: [dayIn(promotion.startsAt, 0), dayIn(promotion.endsAt, -1)],
      }
    : { kind: 'amount', position: 10 }
  return (
    <Modal
      title={promotion ? `编辑 ${promotion.label}` : '添加优惠'}
      open
      onCancel={close}
      okText="预览"
      okButtonProps={{ htmlType: 'submit', form: 'promotion', loading: put.isPending }}
    >
      <Form
        id="promotion"
        form={form}
        layout="vertical"
        initialValues={start}
        onFinish={(typed) => {
          const next = bodyOf(typed)
          if (shownOf(next).every(({ after }, at) => after === was[at]?.after))
            message.info('没有修改')
          else setWish(next)
        }}
      >
        <Form.Item
          name="label"
          label="名称"
          extra="显示在价格明细里，如：新人立减"
          rules={[{ required: true, whitespace: true, message: '请填写名称' }]}
        >
          <Input maxLength={12} />
        </Form.Item>
        <Form.Item
          name="days"
          label="日期"
          extra="从第一天 0 点到最后一天结束"
          rules={[{ required: true, message: '请选择日期' }]}
        >
          <DatePicker.RangePicker inputReadOnly format="YYYY-MM-DD" />
        </Form.Item>
        <div className="setting-pair">
          <Form.Item name="kind" label="类型">
            <Select
              options={promotionKinds.map((value) => ({ value, label: promotionKindWords[value] }))}
            />
          </Form.Item>
          <Form.Item
            name="value"
            label={kind === 'percent' ? '减去' : '立减金额'}
            {...(kind === 'percent' && { extra: '减去 10% 即 9 折' })}
            rules={[{ required: true, message: '请填写优惠额' }]}
          >
            {kind === 'percent' ? (
              <InputNumber min={1} max={99} precision={0} suffix="%" />
            ) : (
              <YuanInput min={1} max={1_000_000} />
            )}
          </Form.Item>
          <Form.Item name="serviceId" label="适用服务">
            <Select
              allowClear
              placeholder="全部服务"
              options={services.data?.services.map(({ id, name }) => ({ value: id, label: name }))}
            />
          </Form.Item>
          <Form.Item name="position" label="计算顺序" extra="小的先算">
            <InputNumber min={0} max={1000} precision={0} />
          </Form.Item>
        </div>
      </Form>
      {wish && (
        <BeforeAfter
          {...(!promotion && { title: '确认添加优惠' })}
          differences={shownOf(wish)
            .map((row, at) => ({ ...row, before: was[at]?.after ?? '' }))
            .filter(({ before, after }) => before !== after)}
          busy={put.isPending}
          close={() => setWish(null)}
          publish={() =>
            put.mutate(
              { params: { id }, body: { ...wish, revision: promotion?.revision ?? null } },
              {
                onError({ no }) {
                  setWish(null)
                  if (no.code === 'settings_changed') close()
                },
              },
            )
          }
        />
      )}
    </Modal>
  )
}
