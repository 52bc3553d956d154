import { price } from '@jiyue/contract/money'
import type { ServiceSettings } from '@jiyue/contract/schema/settings'
import { Button, Empty, Skeleton, Space, Table } from 'antd'
import { useState } from 'react'
import { Link, useSearchParams } from 'react-router'
import { useAsk } from '../../asking.ts'
import { Asked } from '../../parts/Asked.tsx'
import { Two } from '../../parts/Two.tsx'
import { paths } from '../../paths.ts'
import { ServiceEditor } from './ServiceEditor.tsx'

/** The services, each with its editor and its history. */
export function Services({ reason }: { reason: string | null }) {
  const settings = useAsk('listServiceSettings', {})
  const [asked] = useSearchParams()
  const [open, setOpen] = useState(asked.get('service'))
  const deposit = /^\d{3,8}$/.test(asked.get('deposit') ?? '') ? Number(asked.get('deposit')) : null
  return (
    <Asked query={settings} waiting={<Skeleton className="card" active paragraph={{ rows: 8 }} />}>
      {({ services, branches }) => {
        const edited = services.find(({ id }) => id === open)
        return (
          <section className="card card-flush">
            <Table<ServiceSettings>
              rowKey="id"
              dataSource={services}
              pagination={false}
              scroll={{ x: 'max-content' }}
              locale={{ emptyText: <Empty description="还没有服务" /> }}
              columns={[
                {
                  title: '服务',
                  render: (_, one) => (
                    <Space>
                      <img className="setting-cover" src={one.cover} alt="" />
                      <Two first={<strong>{one.name}</strong>} second={one.summary} />
                    </Space>
                  ),
                },
                { title: '价格', render: (_, one) => `${price(one.priceFen)} / ${one.priceUnit}` },
                { title: '时长', render: (_, one) => `${one.durationMinutes} 分钟` },
                {
                  title: '押金',
                  render: (_, one) => (one.depositFen > 0 ? price(one.depositFen) : '无'),
                },
                { title: '状态', render: (_, one) => (one.listed ? '已上架' : '未上架') },
                {
                  title: '',
                  align: 'right',
                  render: (_, one) => (
                    <Space>
                      <Button aria-label={`编辑 ${one.name}`} onClick={() => setOpen(one.id)}>
                        {reason ? '查看' : '编辑'}
                      </Button>
                      <Link to={paths.log({ object: 'services', key: one.id })}>修改历史</Link>
                    </Space>
                  ),
                },
              ]}
            />
            {edited && (
              <ServiceEditor
                key={edited.revision}
                service={edited}
                branches={branches}
                reason={reason}
                {...(deposit && edited.id === asked.get('service') && { deposit })}
                close={() => setOpen(null)}
              />
            )}
          </section>
        )
      }}
    </Asked>
  )
}
