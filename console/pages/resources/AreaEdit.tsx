import type { Served } from '@jiyue/contract/schema/resource'
import { Form, InputNumber, Select, Switch } from 'antd'
import { useMemo } from 'react'
import { districtsByCity } from '../../regions.ts'
import { Edit, orNull, type Shown } from './kept.tsx'

interface Given {
  onSite: boolean
  area?: { city: string; districts?: string[]; radiusM?: number | null }
}

const cities = Array.from(districtsByCity.keys(), (name) => ({ value: name, label: name }))

const shown: Shown<'putArea'> = [
  ['方式', ({ area }) => (area ? '上门' : '到店')],
  ['城市', ({ area }) => area?.city ?? ''],
  ['上门的区', ({ area }) => [...(area?.districts ?? [])].sort().join('、')],
  ['门店周边', ({ area }) => (area?.radiusM ? `${area.radiusM / 1000} 公里内` : '不按距离')],
]

/** Where one service comes to. People are told by their address before they book. */
export default function AreaEdit({ served, close }: { served: Served; close: () => void }) {
  const { id, name, area, located } = served
  const values = useMemo(() => ({ onSite: area !== null, ...(area && { area }) }), [area])
  return (
    <Edit
      endpoint="putArea"
      title={`${name}的上门范围`}
      id={id}
      values={values as { area: typeof area }}
      bodyOf={({ onSite, area: given }: Given) => ({
        area:
          onSite && given ? { radiusM: null, ...given, districts: given.districts ?? [] } : null,
      })}
      shown={shown}
      close={close}
    >
      <Form.Item name="onSite" label="上门服务" valuePropName="checked">
        <Switch checkedChildren="上门" unCheckedChildren="到店" />
      </Form.Item>
      <Form.Item noStyle dependencies={['onSite', ['area', 'city']]}>
        {({ getFieldValue, setFieldValue }) =>
          getFieldValue('onSite') ? (
            <>
              <Form.Item
                name={['area', 'city']}
                label="城市"
                rules={[{ required: true, message: '请选择城市' }]}
              >
                <Select
                  showSearch
                  options={cities}
                  placeholder="输入城市名查找"
                  onChange={() => setFieldValue(['area', 'districts'], [])}
                />
              </Form.Item>
              <Form.Item name={['area', 'districts']} label="上门的区">
                <Select
                  mode="multiple"
                  placeholder="可多选"
                  options={(districtsByCity.get(getFieldValue(['area', 'city'])) ?? []).map(
                    (one) => ({ value: one, label: one }),
                  )}
                />
              </Form.Item>
              <Form.Item
                name={['area', 'radiusM']}
                label="门店周边也上门"
                normalize={orNull}
                extra={
                  located > 0
                    ? `以该服务的 ${located} 家门店为圆心；不按距离请留空`
                    : '该服务的门店还没有坐标，请先在「门店」里填写'
                }
              >
                <InputNumber
                  min={100}
                  max={200_000}
                  step={500}
                  precision={0}
                  suffix="米"
                  disabled={located === 0}
                />
              </Form.Item>
            </>
          ) : null
        }
      </Form.Item>
    </Edit>
  )
}
