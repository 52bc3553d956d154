import { PlusOutlined } from '@ant-design/icons'
import type { KeptRoom } from '@jiyue/contract/schema/resource'
import { Button, Empty, Form, Input, InputNumber, Select, Space, Table } from 'antd'
import { useMemo, useState } from 'react'
import { Link } from 'react-router'
import { asOption } from '../../asOption.ts'
import { newId } from '../../newId.ts'
import { Reasoned } from '../../parts/Reasoned.tsx'
import { paths } from '../../paths.ts'
import { Ahead, Edit, type ListProps, Retire, required } from './kept.tsx'

/** 场地: rooms of the branches, what fits in and what takes place there. */
export function Rooms({ data, reason }: ListProps) {
  const [open, setOpen] = useState<string | null>(null)
  const found = data.rooms.find(({ id }) => id === open)
  const values = useMemo(
    () =>
      found
        ? {
            name: found.name,
            about: found.about,
            branchId: found.branchId,
            seats: found.seats,
            serviceIds: found.serviceIds,
          }
        : { serviceIds: [], seats: 10 },
    [found],
  )
  return (
    <section className="card card-flush">
      <Table<KeptRoom>
        rowKey="id"
        dataSource={data.rooms}
        pagination={false}
        scroll={{ x: 'max-content' }}
        locale={{ emptyText: <Empty description="还没有场地；占用场地的服务添加后不会重复预约" /> }}
        title={() => (
          <Reasoned icon={<PlusOutlined />} reason={reason} onClick={() => setOpen(newId())}>
            添加场地
          </Reasoned>
        )}
        columns={[
          {
            title: '场地',
            render: (_, one) => (
              <span>
                <strong>{one.name}</strong>
                <br />
                <small className="quiet">{one.about}</small>
              </span>
            ),
          },
          {
            title: '门店',
            render: (_, one) => data.branches.find(({ id }) => id === one.branchId)?.name,
          },
          { title: '容纳', render: (_, one) => `${one.seats} 人` },
          {
            title: '服务',
            render: (_, one) =>
              data.services
                .filter(({ id }) => one.serviceIds.includes(id))
                .map(({ name }) => name)
                .join('、') || '未设置',
          },
          { title: '接下来', render: (_, one) => <Ahead one={one} /> },
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
                <Retire kind="Room" one={one} reason={reason} />
                <Link to={paths.log({ object: 'rooms', key: one.id })}>修改历史</Link>
              </Space>
            ),
          },
        ]}
      />
      {open && (
        <Edit
          endpoint="putRoom"
          title={found ? `编辑 ${found.name}` : '添加场地'}
          id={open}
          values={values}
          close={() => setOpen(null)}
        >
          <Form.Item name="name" label="名称" rules={required('请填写名称')}>
            <Input maxLength={20} />
          </Form.Item>
          <Form.Item
            name="branchId"
            label="门店"
            rules={[{ required: true, message: '请选择门店' }]}
          >
            <Select options={data.branches.map(asOption)} />
          </Form.Item>
          <Form.Item
            name="seats"
            label="容纳人数"
            rules={[{ required: true, message: '请填写人数' }]}
          >
            <InputNumber min={1} max={10_000} precision={0} suffix="人" />
          </Form.Item>
          <Form.Item name="about" label="说明" rules={required('请填写说明')}>
            <Input.TextArea maxLength={200} showCount rows={2} />
          </Form.Item>
          <Form.Item name="serviceIds" label="用于服务">
            <Select mode="multiple" options={data.services.map(asOption)} />
          </Form.Item>
        </Edit>
      )}
    </section>
  )
}
