import type { Served } from '@jiyue/contract/schema/resource'
import { Button, Empty, Skeleton, Space, Table } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { Link } from 'react-router'
import { paths } from '../../paths.ts'
import type { ListProps } from './kept.tsx'

/** The list of all districts of China comes along; only who edits needs it. */
const AreaEdit = lazy(() => import('./AreaEdit.tsx'))

/** 上门范围: which districts services come to, and how far around their branches (B3). */
export function Areas({ data, reason }: ListProps) {
  const [open, setOpen] = useState<string | null>(null)
  const found = data.services.find(({ id }) => id === open)
  return (
    <section className="card card-flush">
      <Table<Served>
        rowKey="id"
        dataSource={data.services}
        pagination={false}
        scroll={{ x: 'max-content' }}
        locale={{ emptyText: <Empty description="还没有服务" /> }}
        columns={[
          { title: '服务', render: (_, one) => <strong>{one.name}</strong> },
          {
            title: '上门的区',
            render: (_, { area }) =>
              area ? [area.city, ...area.districts].join(' · ') : <Quiet text="到店服务" />,
          },
          {
            title: '门店周边',
            render: (_, { area }) =>
              area?.radiusM ? `${area.radiusM / 1000} 公里内` : <Quiet text="不按距离" />,
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
                <Link to={paths.log({ object: 'services', key: one.id })}>修改历史</Link>
              </Space>
            ),
          },
        ]}
      />
      {found && (
        <Suspense fallback={<Skeleton active />}>
          <AreaEdit served={found} close={() => setOpen(null)} />
        </Suspense>
      )}
    </section>
  )
}

const Quiet = ({ text }: { text: string }) => <span className="quiet">{text}</span>
