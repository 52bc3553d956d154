import { price } from '@jiyue/contract/money'
import { type OrderState, orderStateWords } from '@jiyue/contract/order'
import { type OfflineWay, offlineWays } from '@jiyue/contract/payment'
import { type RefusalCode, refusals } from '@jiyue/contract/refusals'
import type { Reply } from '@jiyue/contract/schema/wire'
import { Alert, App, Checkbox, Form, Input, Modal, Radio } from 'antd'
import { useRef, useState } from 'react'
import { useAct } from '../../acting.ts'
import { queries } from '../../asking.ts'
import { newId } from '../../newId.ts'
import { Reasoned } from '../../parts/Reasoned.tsx'
import { YuanInput } from '../../parts/YuanInput.tsx'
import { useSession } from '../../session.ts'
import { PictureInput } from './PictureInput.tsx'

type Order = Reply<'getConsoleOrder'>

interface Values {
  amountFen: number
  way: OfflineWay
  number?: string
  evidence?: string
  pictureId?: string
  receivedBy: string
  reason: string
  owe?: boolean
}

interface TakeMoneyProps {
  order: Order
  state: OrderState
  reason: string | null
}

/** 登记收款: money that came by hand, with what shows it and who took it. */
export function TakeMoney({ order, state, reason }: TakeMoneyProps) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Reasoned reason={reason} onClick={() => setOpen(true)}>
        登记收款
      </Reasoned>
      {open && <TakeForm order={order} state={state} close={() => setOpen(false)} />}
    </>
  )
}

/** Refusals that mean: the order has no use for the money. It may be here all the same. */
const noUse: readonly RefusalCode[] = ['already_paid', 'slot_gone', 'order_state', 'not_registered']

function TakeForm({ order, state, close }: Omit<TakeMoneyProps, 'reason'> & { close: () => void }) {
  const { message } = App.useApp()
  const [form] = Form.useForm<Values>()
  const own = useSession(({ session }) => session?.person.name)
  const id = useRef(newId())
  const take = useAct('putOfflinePayment', {
    form: { form, about: { transaction_known: 'number' } },
    done(_, { body }) {
      message.success(`已登记收款 ${price(body.amountFen)}`)
      close()
      void queries.invalidateQueries()
    },
  })
  const refused = take.error && noUse.includes(take.error.no.code) ? take.error.no.code : null
  const why = refused ? refusals[refused].zh : whyNoUse(order, state)
  const way = Form.useWatch('way', form)
  const give = (values: Values) => {
    if (take.error && !take.error.no.unheard) id.current = newId()
    const { number, evidence, pictureId, owe, ...rest } = values
    take.mutate({
      params: { id: id.current },
      body: {
        ...rest,
        orderId: order.id,
        number: number?.trim() || null,
        evidence: evidence?.trim() ?? '',
        pictureId: pictureId ?? null,
        owe: owe ?? false,
      },
    })
  }
  return (
    <Modal
      title="登记线下收款"
      open
      onCancel={close}
      okText="登记"
      okButtonProps={{ htmlType: 'submit', form: 'take-money', loading: take.isPending }}
      width={520}
    >
      <Form
        id="take-money"
        form={form}
        layout="vertical"
        initialValues={{ amountFen: order.owedFen || undefined, way: 'cash', receivedBy: own }}
        onFinish={give}
      >
        {why && (
          <Alert
            className="stale"
            type="warning"
            showIcon
            title={why}
            description={
              <Form.Item
                name="owe"
                valuePropName="checked"
                noStyle
                rules={[{ validator: (_, owe) => owed(owe) }]}
              >
                <Checkbox>款项已收下、无法当场退还：照实登记，全额转为待线下退还</Checkbox>
              </Form.Item>
            }
          />
        )}
        <Form.Item
          name="amountFen"
          label="实收金额"
          extra={order.owedFen ? `应收 ${price(order.owedFen)}` : undefined}
          rules={[{ required: true, message: '请填写实收金额' }]}
        >
          <YuanInput className="wide" autoFocus />
        </Form.Item>
        <Form.Item name="way" label="收款方式">
          <Radio.Group
            optionType="button"
            options={Object.entries(offlineWays).map(([value, label]) => ({ value, label }))}
          />
        </Form.Item>
        <div className="form-two">
          <Form.Item
            name="number"
            label="流水号"
            rules={[
              { required: way === 'transfer', message: '请填写转账流水号' },
              { pattern: /^\s*[0-9A-Za-z-]{4,64}\s*$/, message: '请输入 4 到 64 位流水号' },
            ]}
          >
            <Input
              maxLength={64}
              autoComplete="off"
              spellCheck={false}
              placeholder="转账或刷卡单据"
            />
          </Form.Item>
          <Form.Item
            name="receivedBy"
            label="收款人"
            rules={[{ required: true, whitespace: true, message: '请填写收款人' }]}
          >
            <Input maxLength={40} />
          </Form.Item>
        </div>
        <Form.Item
          name="evidence"
          label="凭据"
          dependencies={['pictureId']}
          rules={[
            ({ getFieldValue }) => ({
              validator: (_, text?: string) =>
                text?.trim() || getFieldValue('pictureId')
                  ? Promise.resolve()
                  : Promise.reject(new Error('请填写凭据或上传图片')),
            }),
          ]}
        >
          <Input maxLength={200} placeholder="如：收据编号 0032，存于前台" />
        </Form.Item>
        <Form.Item name="pictureId" label="凭据图片">
          <PictureInput />
        </Form.Item>
        <Form.Item
          name="reason"
          label="原因"
          extra="写入操作记录"
          rules={[{ required: true, whitespace: true, message: '请写明原因' }]}
        >
          <Input.TextArea
            maxLength={200}
            autoSize={{ minRows: 2 }}
            placeholder="如：客户手机无法支付，到店付现金"
          />
        </Form.Item>
      </Form>
    </Modal>
  )
}

const owed = (owe?: boolean) =>
  owe ? Promise.resolve() : Promise.reject(new Error('请确认款项已收下'))

/** Why the order has no use for money, as far as is known before asking. */
function whyNoUse({ registered }: Order, state: OrderState): string | null {
  if (state === 'registered') return null
  if (state === 'expired' && registered) return null
  if (state === 'held' || state === 'expired') return '客户还没有提交报名，订单不能收款'
  return state === 'cancelled' ? '订单已取消' : `订单${orderStateWords[state]}，已支付`
}
