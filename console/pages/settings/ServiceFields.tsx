import { serviceKindWords } from '@jiyue/contract/booking'
import { budgetOf } from '@jiyue/contract/form'
import type { Reply } from '@jiyue/contract/schema/wire'
import { goodsWords, uniquenessWords } from '@jiyue/contract/settings'
import { Form, Input, InputNumber, Select, Switch } from 'antd'
import { asOption } from '../../asOption.ts'
import { YuanInput } from '../../parts/YuanInput.tsx'
import { PhotosField } from './PhotosField.tsx'
import { charges, type ServiceKind } from './serviceChanges.ts'

interface ServiceFieldsProps {
  isNew: boolean
  settings: Reply<'listServiceSettings'>
  off: boolean
}

const required = (message: string) => [{ required: true, message }]
const optionsOf = (words: Record<string, string>) =>
  Object.entries(words).map(([value, label]) => ({ value, label }))

/** Everything that is said and asked of a service; its kind and first form only once. */
export function ServiceFields({ isNew, settings, off }: ServiceFieldsProps) {
  return (
    <>
      {isNew && <Beginning services={settings.services} />}
      <Form.Item name="name" label="名称" rules={required('请填写名称')}>
        <Input maxLength={20} showCount />
      </Form.Item>
      <Form.Item name="summary" label="一句话简介" rules={required('请填写简介')}>
        <Input maxLength={40} showCount />
      </Form.Item>
      <Form.Item
        name="photos"
        label="照片"
        rules={[{ required: true, type: 'array', min: 1, message: '请至少上传一张照片' }]}
      >
        <PhotosField disabled={off} />
      </Form.Item>
      <div className="setting-pair">
        <Form.Item name="priceFen" label="价格" rules={required('请填写价格')}>
          <YuanInput min={0} max={10_000_000} />
        </Form.Item>
        <Form.Item name="priceUnit" label="计价单位" rules={required('如：次、人、场')}>
          <Input maxLength={4} />
        </Form.Item>
        <Form.Item name="chargedPer" label="计费方式">
          <Select options={optionsOf(charges)} />
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
        <Select mode="multiple" options={settings.branches.map(asOption)} />
      </Form.Item>
      <Form.Item name="staffIds" label="服务人员" extra="可为这项服务排班的人员">
        <Select mode="multiple" options={settings.staff.map(asOption)} />
      </Form.Item>
      <Form.Item name="roomIds" label="场地" extra="这项服务可用的场地">
        <Select mode="multiple" options={settings.rooms.map(asOption)} />
      </Form.Item>
      <div className="setting-pair">
        <Form.Item name="uniquePer" label="重复报名" extra="按手机号或身份证号判断">
          <Select options={optionsOf(uniquenessWords)} />
        </Form.Item>
        <Form.Item name="goods" label="商品类型" extra="虚拟商品不能使用普通微信支付">
          <Select options={optionsOf(goodsWords)} />
        </Form.Item>
      </div>
      <Form.Item name="listed" label="上架" valuePropName="checked">
        <Switch checkedChildren="已上架" unCheckedChildren="未上架" />
      </Form.Item>
    </>
  )
}

/** What is decided once: the kind with its budget of fields, and the form it begins with. */
function Beginning({ services }: Pick<Reply<'listServiceSettings'>, 'services'>) {
  const kind: ServiceKind = Form.useWatch('kind') ?? 'personal'
  return (
    <div className="setting-pair">
      <Form.Item name="kind" label="类型" extra={budgetOf(kind)}>
        <Select options={optionsOf(serviceKindWords)} />
      </Form.Item>
      <Form.Item name="formFrom" label="报名表" extra="新建后可在「报名表」里修改">
        <Select
          allowClear
          placeholder="基础报名表"
          options={services.map(({ id, name }) => ({ value: id, label: `与「${name}」相同` }))}
        />
      </Form.Item>
    </div>
  )
}
