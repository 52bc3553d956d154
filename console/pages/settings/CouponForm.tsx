import { price } from '@jiyue/contract/money'
import type { Input as Asked, Reply } from '@jiyue/contract/schema/wire'
import { couponsAtOnce } from '@jiyue/contract/settings'
import { addDays, dateText, dayOf, instantOf } from '@jiyue/contract/time'
import { App, DatePicker, Form, Input, Modal } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import { useState } from 'react'
import { useAct } from '../../acting.ts'
import { queries } from '../../asking.ts'
import { serverNow } from '../../clock.ts'
import { BeforeAfter } from '../../parts/BeforeAfter.tsx'
import { YuanInput } from '../../parts/YuanInput.tsx'

interface Typed {
  to: string
  label: string
  offFen: number
  until: Dayjs
  note: string
}

type Wish = Asked<'putCoupons'>['body']
type Seen = Reply<'previewCoupons'>

/** Order numbers and phone numbers, one a line, or however they were pasted. */
const namesIn = (text: string) => text.split(/[\s,，、;；]+/).filter(Boolean)

/** Gives people a coupon each: whom, what and until when is looked at before it happens. */
export function CouponForm({ id, close }: { id: string; close: () => void }) {
  const { message } = App.useApp()
  const [form] = Form.useForm<Typed>()
  const [wish, setWish] = useState<{ body: Wish; seen: Seen } | null>(null)
  const look = useAct('previewCoupons', { form: { form } })
  const put = useAct('putCoupons', {
    form: { form },
    done({ given }) {
      void queries.invalidateQueries()
      message.success(`已发放 ${given} 张，客户会收到消息`)
      close()
    },
  })
  function preview({ to, until, ...typed }: Typed) {
    const body = { ...typed, to: namesIn(to), until: until.format('YYYY-MM-DD') }
    look.mutate(
      { body: { to: body.to } },
      {
        onSuccess(seen) {
          if (seen.unknown.length === 0) return setWish({ body, seen })
          const errors = [`找不到：${seen.unknown.slice(0, 5).join('、')}，请核对订单号或手机号`]
          form.setFields([{ name: 'to', errors }])
        },
      },
    )
  }
  return (
    <Modal
      title="发放优惠券"
      open
      onCancel={close}
      okText="预览"
      okButtonProps={{ htmlType: 'submit', form: 'coupon', loading: look.isPending }}
    >
      <Form
        id="coupon"
        form={form}
        layout="vertical"
        initialValues={{ until: dayjs(addDays(dayOf(serverNow()), 30)) }}
        onFinish={preview}
      >
        <Form.Item
          name="to"
          label="发给"
          extra={`订单号或手机号，每行一个，最多 ${couponsAtOnce} 个；每人一张`}
          rules={[
            { required: true, whitespace: true, message: '请填写订单号或手机号' },
            {
              validator: (_, text: string) =>
                namesIn(text ?? '').length > couponsAtOnce
                  ? Promise.reject(new Error(`一次最多 ${couponsAtOnce} 个`))
                  : Promise.resolve(),
            },
          ]}
        >
          <Input.TextArea autoSize={{ minRows: 3, maxRows: 8 }} />
        </Form.Item>
        <div className="setting-pair">
          <Form.Item
            name="label"
            label="名称"
            extra="显示在价格明细里"
            rules={[{ required: true, whitespace: true, message: '请填写名称' }]}
          >
            <Input maxLength={12} placeholder="如：老客回馈券" />
          </Form.Item>
          <Form.Item
            name="offFen"
            label="优惠额"
            extra="不抵押金，最多抵至 ¥0"
            rules={[{ required: true, message: '请填写优惠额' }]}
          >
            <YuanInput min={1} max={1_000_000} />
          </Form.Item>
          <Form.Item
            name="until"
            label="有效至"
            extra="当天 24:00 前报名可用"
            rules={[{ required: true, message: '请选择日期' }]}
          >
            <DatePicker
              inputReadOnly
              allowClear={false}
              format="YYYY-MM-DD"
              minDate={dayjs(dayOf(serverNow()))}
              maxDate={dayjs(addDays(dayOf(serverNow()), 366))}
            />
          </Form.Item>
        </div>
        <Form.Item
          name="note"
          label="发放说明"
          extra="客户会在消息中看到"
          rules={[{ required: true, whitespace: true, message: '请填写发放说明' }]}
        >
          <Input maxLength={60} placeholder="如：感谢您一年来的支持" />
        </Form.Item>
      </Form>
      {wish && (
        <BeforeAfter
          title="确认发放优惠券"
          isNew
          act="发放"
          differences={linesOf(wish.body, wish.seen)}
          note="发放后客户立即收到消息，下次报名时自动抵扣；未使用的可以收回"
          busy={put.isPending}
          close={() => setWish(null)}
          publish={() =>
            put.mutate({ params: { id }, body: wish.body }, { onError: () => setWish(null) })
          }
        />
      )}
    </Modal>
  )
}

/** People that are named before it says how many more. */
const NAMED = 5

function linesOf({ label, offFen, until, note }: Wish, { people }: Seen) {
  const names = people
    .slice(0, NAMED)
    .map(({ name, phoneMasked }) => [name, phoneMasked].filter(Boolean).join(' '))
    .join('、')
  const whom = people.length > NAMED ? `${names} 等 ${people.length} 人` : names
  return [
    { label: '发给', after: whom },
    { label: '名称', after: label },
    { label: '优惠额', after: price(offFen) },
    { label: '有效至', after: dateText(instantOf(until)) },
    { label: '发放说明', after: note },
    { label: '最多优惠', after: price(offFen * people.length) },
  ].map((line) => ({ ...line, before: '' }))
}
