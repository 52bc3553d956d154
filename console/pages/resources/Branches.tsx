import { PlusOutlined } from '@ant-design/icons'
import { Button, Empty, Form, Input, InputNumber, Space, Table } from 'antd'
import { useMemo, useState } from 'react'
import { Link } from 'react-router'
import { newId } from '../../newId.ts'
import { Reasoned } from '../../parts/Reasoned.tsx'
import { paths } from '../../paths.ts'
import { Edit, type ListProps, orNull, required, type Shown } from './kept.tsx'

/** A change of a branch, as it is looked at before it is kept. */
const shown: Shown<'putBranch'> = [
  ['名称', ({ name = '' }) => name],
  ['地址', ({ address = '' }) => address],
  ['电话', ({ phone = '' }) => phone],
  ['纬度', ({ latitude }) => String(latitude ?? '')],
  ['经度', ({ longitude }) => String(longitude ?? '')],
]

/** 门店: name, address and phone as people read them. */
export function Branches({ data, reason }: ListProps) {
  const [open, setOpen] = useState<string | null>(null)
  const found = data.branches.find(({ id }) => id === open)
  const values = useMemo(
    () =>
      found
        ? {
            name: found.name,
            address: found.address,
            phone: found.phone,
            latitude: found.latitude,
            longitude: found.longitude,
          }
        : { latitude: null, longitude: null },
    [found],
  )
  return (
    <section className="card card-flush">
      <Table
        rowKey="id"
        dataSource={data.branches}
        pagination={false}
        scroll={{ x: 'max-content' }}
        locale={{ emptyText: <Empty description="还没有门店" /> }}
        title={() => (
          <Reasoned icon={<PlusOutlined />} reason={reason} onClick={() => setOpen(newId())}>
            添加门店
          </Reasoned>
        )}
        columns={[
          { title: '门店', render: (_, one) => <strong>{one.name}</strong> },
          { title: '地址', dataIndex: 'address' },
          { title: '电话', dataIndex: 'phone' },
          {
            title: '坐标',
            render: (_, { latitude, longitude }) =>
              latitude === null || longitude === null ? (
                <span className="quiet">未填写</span>
              ) : (
                `${latitude.toFixed(4)}, ${longitude.toFixed(4)}`
              ),
          },
          {
            title: '场地',
            render: (_, one) =>
              data.rooms.filter(({ branchId, retired }) => branchId === one.id && !retired).length,
          },
          {
            title: '',
            align: 'right',
            render: (_, one) => (
              <Space>
                <Button
                  disabled={reason !== null}
                  aria-label={`编辑 ${one.name}`}
                  onClick={() => setOpen(one.id)}
                >
                  编辑
                </Button>
                <Link to={paths.log({ object: 'branches', key: one.id })}>修改历史</Link>
              </Space>
            ),
          },
        ]}
      />
      {open && (
        <Edit
          endpoint="putBranch"
          title={found ? `编辑 ${found.name}` : '添加门店'}
          id={open}
          values={values}
          {...(found && { shown })}
          close={() => setOpen(null)}
        >
          <Form.Item name="name" label="名称" rules={required('请填写名称')}>
            <Input maxLength={20} />
          </Form.Item>
          <Form.Item name="address" label="地址" rules={required('请填写地址')}>
            <Input maxLength={100} />
          </Form.Item>
          <Form.Item name="phone" label="电话" rules={required('请填写电话')}>
            <Input maxLength={20} />
          </Form.Item>
          <Space wrap>
            <Form.Item name="latitude" label="纬度" normalize={orNull}>
              <InputNumber min={-90} max={90} placeholder="31.1917" />
            </Form.Item>
            <Form.Item name="longitude" label="经度" normalize={orNull}>
              <InputNumber min={-180} max={180} placeholder="121.4383" />
            </Form.Item>
          </Space>
          <p className="quiet">
            坐标用于按距离判断上门范围，请填写高德或腾讯地图「坐标拾取」得到的经纬度（GCJ-02），可留空。
          </p>
        </Edit>
      )}
    </section>
  )
}
