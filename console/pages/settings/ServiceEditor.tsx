import { proposedCondition } from '@jiyue/contract/insight'
import { price } from '@jiyue/contract/money'
import type { ServiceSettings } from '@jiyue/contract/schema/settings'
import { App, Drawer, Form, Input, InputNumber, Select, Switch } from 'antd'
import { useState } from 'react'
import { useAct } from '../../acting.ts'
import { queries } from '../../asking.ts'
import { Reasoned } from '../../parts/Reasoned.tsx'
import { YuanInput } from '../../parts/YuanInput.tsx'
import { BeforeAfter } from './BeforeAfter.tsx'
import { differencesOf, type Offer, offerOf, type Typed, typedOf } from './serviceChanges.ts'

interface ServiceEditorProps {
  service: ServiceSettings
  branches: readonly { id: string; name: string }[]
  reason: string | null
  /** fen; a suggested deposit, shown at once as a change to publish (M6). */
  deposit?: number
  close: () => void
}

const required = (message: string) => [{ required: true, message }]

/** A service's settings, with the card people will see beside them. */
export function ServiceEditor({ service, branches, reason, deposit, close }: ServiceEditorProps) {
  const { message } = App.useApp()
  const [form] = Form.useForm<Typed>()
  const typed = Form.useWatch([], form) ?? typedOf(service)
  const before = offerOf(typedOf(service))
  const proposed = deposit === undefined ? typedOf(service) : withDeposit(service, deposit)
  const [wish, setWish] = useState<Offer | null>(
    deposit === undefined || reason !== null ? null : offerOf(proposed),
  )
  const put = useAct('putServiceSettings', {
    form: { form },
    done() {
      void queries.invalidateQueries()
      message.success('已发布，用户端立即生效')
      close()
    },
  })
  const differences = wish ? differencesOf(before, wish) : []
  return (
    <Drawer
      title={service.name}
      open
      size={880}
      onClose={close}
      footer={
        <div className="setting-foot">
          <Reasoned type="primary" reason={reason} htmlType="submit" form="service">
            预览并发布
          </Reasoned>
        </div>
      }
    >
      <div className="setting-two">
        <Form
          id="service"
          form={form}
          layout="vertical"
          disabled={reason !== null}
          initialValues={proposed}
          onFinish={(values) => {
            const next = offerOf(values)
            if (differencesOf(before, next).length === 0) message.info('没有修改')
            else setWish(next)
          }}
        >
          <Form.Item name="name" label="名称" rules={required('请填写名称')}>
            <Input maxLength={20} showCount />
          </Form.Item>
          <Form.Item name="summary" label="一句话简介" rules={required('请填写简介')}>
            <Input maxLength={40} showCount />
          </Form.Item>
          <div className="setting-pair">
            <Form.Item name="priceFen" label="价格" rules={required('请填写价格')}>
              <YuanInput min={0} max={10_000_000} />
            </Form.Item>
            <Form.Item name="priceUnit" label="计价单位" rules={required('如：次、人、场')}>
              <Input maxLength={4} />
            </Form.Item>
            <Form.Item name="chargedPer" label="计费方式">
              <Select
                options={[
                  { value: 'order', label: '按单' },
                  { value: 'person', label: '按人' },
                ]}
              />
            </Form.Item>
            <Form.Item name="durationMinutes" label="时长" rules={required('请填写时长')}>
              <InputNumber min={5} max={1440} precision={0} suffix="分钟" />
            </Form.Item>
            <Form.Item name="partyMin" label="最少人数" rules={required('请填写人数')}>
              <InputNumber min={1} max={500} precision={0} suffix="人" />
            </Form.Item>
            <Form.Item name="partyMax" label="最多人数" rules={required('请填写人数')}>
              <InputNumber min={1} max={500} precision={0} suffix="人" />
            </Form.Item>
            <Form.Item
              name="cutoffMinutes"
              label="开始前多久停止预约"
              extra="对之后新增的时段生效"
              rules={required('请填写时间')}
            >
              <InputNumber min={0} max={10_080} precision={0} suffix="分钟" />
            </Form.Item>
            <Form.Item name="depositFen" label="押金" rules={required('没有押金时填 0')}>
              <YuanInput min={0} max={10_000_000} />
            </Form.Item>
          </div>
          <Form.Item name="depositCondition" label="押金退还条件" extra="没有押金时留空">
            <Input maxLength={100} />
          </Form.Item>
          <Form.Item name="includes" label="费用包含" rules={required('请写明费用包含什么')}>
            <Input maxLength={100} />
          </Form.Item>
          <Form.Item name="content" label="服务内容" extra="每行一项，最多 10 项">
            <Input.TextArea autoSize={{ minRows: 3 }} />
          </Form.Item>
          <Form.Item name="notes" label="预约须知" extra="每行一项，最多 10 项">
            <Input.TextArea autoSize={{ minRows: 2 }} />
          </Form.Item>
          <Form.Item name="branchIds" label="门店">
            <Select
              mode="multiple"
              options={branches.map(({ id, name }) => ({ value: id, label: name }))}
            />
          </Form.Item>
          <Form.Item name="listed" label="上架" valuePropName="checked">
            <Switch checkedChildren="已上架" unCheckedChildren="未上架" />
          </Form.Item>
        </Form>
        <Preview cover={service.cover} offer={offerOf({ ...typedOf(service), ...typed })} />
      </div>
      {wish && (
        <BeforeAfter
          differences={differences}
          busy={put.isPending}
          close={() => setWish(null)}
          publish={() =>
            put.mutate(
              { params: { id: service.id }, body: { ...wish, revision: service.revision } },
              { onError: () => setWish(null) },
            )
          }
        />
      )}
    </Drawer>
  )
}

/** As it will stand on the phone. */
function Preview({ cover, offer }: { cover: string; offer: Offer }) {
  return (
    <aside className="setting-preview" aria-label="用户端预览">
      <small className="quiet">用户端预览{offer.listed ? '' : '（未上架，用户看不到）'}</small>
      <img src={cover} alt="" />
      <h3>{offer.name}</h3>
      <p className="quiet">{offer.summary}</p>
      <p>
        <strong>{price(offer.priceFen ?? 0)}</strong> / {offer.priceUnit} · {offer.durationMinutes}{' '}
        分钟
      </p>
      <ul>
        {offer.content.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {offer.depositFen > 0 && (
        <p className="quiet">
          押金 {price(offer.depositFen)}，{offer.depositCondition}
        </p>
      )}
      {offer.notes.map((line) => (
        <p key={line} className="quiet">
          {line}
        </p>
      ))}
    </aside>
  )
}

function withDeposit(service: ServiceSettings, depositFen: number): Typed {
  const typed = typedOf(service)
  return { ...typed, depositFen, depositCondition: typed.depositCondition || proposedCondition }
}
