import { PlusOutlined } from '@ant-design/icons'
import type { KeptStaff } from '@jiyue/contract/schema/resource'
import { Button, Empty, Form, Input, Select, Space, Table } from 'antd'
import { useMemo, useState } from 'react'
import { Link } from 'react-router'
import { asOption } from '../../asOption.ts'
import { newId } from '../../newId.ts'
import { Reasoned } from '../../parts/Reasoned.tsx'
import { paths } from '../../paths.ts'
import { Ahead, Edit, type ListProps, Retire, required } from './kept.tsx'
import { Face, PhotoField } from './PhotoField.tsx'

/** 服务人员, with what people read about them and what they have ahead. */
export function StaffTable({ data, reason }: ListProps) {
  const [open, setOpen] = useState<string | null>(null)
  const found = data.staff.find(({ id }) => id === open)
  const values = useMemo(
    () =>
      found
        ? {
            name: found.name,
            title: found.title,
            profile: found.profile,
            serviceIds: found.serviceIds,
          }
        : { serviceIds: [] },
    [found],
  )
  const serviceNames = (ids: readonly string[]) =>
    data.services
      .filter(({ id }) => ids.includes(id))
      .map(({ name }) => name)
      .join('、')
  return (
    <section className="card card-flush">
      <Table<KeptStaff>
        rowKey="id"
        dataSource={data.staff}
        pagination={false}
        scroll={{ x: 'max-content' }}
        locale={{ emptyText: <Empty description="还没有服务人员，添加后即可排班" /> }}
        title={() => (
          <Reasoned icon={<PlusOutlined />} reason={reason} onClick={() => setOpen(newId())}>
            添加人员
          </Reasoned>
        )}
        columns={[
          {
            title: '姓名',
            render: (_, one) => (
              <Space>
                <Face name={one.name} photo={one.photo} />
                <span>
                  <strong>{one.name}</strong>
                  <br />
                  <small className="quiet">{one.title}</small>
                </span>
              </Space>
            ),
          },
          { title: '评分', render: (_, one) => one.rating?.toFixed(1) ?? '暂无' },
          { title: '服务', render: (_, one) => serviceNames(one.serviceIds) || '未设置' },
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
                <Retire kind="Staff" one={one} reason={reason} />
                <Link to={paths.log({ object: 'staff', key: one.id })}>修改历史</Link>
              </Space>
            ),
          },
        ]}
      />
      {open && (
        <Edit
          endpoint="putStaff"
          title={found ? `编辑 ${found.name}` : '添加人员'}
          id={open}
          values={values}
          about={{ picture_invalid: 'photo' }}
          close={() => setOpen(null)}
        >
          <Form.Item name="photo" label="照片">
            <PhotoField name={found?.name ?? ''} photo={found?.photo ?? null} />
          </Form.Item>
          <Form.Item name="name" label="姓名" rules={required('请填写姓名')}>
            <Input maxLength={20} />
          </Form.Item>
          <Form.Item name="title" label="头衔" rules={required('请填写头衔')}>
            <Input maxLength={20} placeholder="如：高级保洁师" />
          </Form.Item>
          <Form.Item name="profile" label="介绍" rules={required('请填写介绍')}>
            <Input.TextArea maxLength={200} showCount rows={3} />
          </Form.Item>
          <Form.Item name="serviceIds" label="提供的服务">
            <Select mode="multiple" options={data.services.map(asOption)} />
          </Form.Item>
        </Edit>
      )}
    </section>
  )
}
