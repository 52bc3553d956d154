import { PlusOutlined } from '@ant-design/icons'
import { price } from '@jiyue/contract/money'
import type { ServiceSettings } from '@jiyue/contract/schema/settings'
import { Button, Empty, Skeleton, Space, Table } from 'antd'
import { useState } from 'react'
import { Link, useSearchParams } from 'react-router'
import { useAsk } from '../../asking.ts'
import { newId } from '../../newId.ts'
import { Asked } from '../../parts/Asked.tsx'
import { Reasoned } from '../../parts/Reasoned.tsx'
import { Two } from '../../parts/Two.tsx'
import { paths } from '../../paths.ts'
import { Sale } from './Sale.tsx'
import { ServiceEditor } from './ServiceEditor.tsx'

/** The services, each with its editor, its sale and its history. */
export function Services({ reason }: { reason: string | null }) {
  const query = useAsk('listServiceSettings', {})
  const [asked] = useSearchParams()
  const [open, setOpen] = useState(asked.get('service'))
  /** The id of one that is being added. */
  const [added, setAdded] = useState<string | null>(null)
  const [sale, setSale] = useState<string | null>(null)
  return (
    <Asked query={query} waiting={<Skeleton className="card" active paragraph={{ rows: 8 }} />}>
      {(settings) => {
        const edited = settings.services.find(({ id }) => id === open)
        const sold = settings.services.find(({ id }) => id === sale)
        return (
          <section className="card card-flush">
            <Table<ServiceSettings>
              rowKey="id"
              dataSource={settings.services}
              pagination={false}
              scroll={{ x: 'max-content' }}
              locale={{ emptyText: <Empty description="还没有服务，新建后用户就能看到" /> }}
              title={() => (
                <Reasoned icon={<PlusOutlined />} reason={reason} onClick={() => setAdded(newId())}>
                  新建服务
                </Reasoned>
              )}
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
                { title: '可约时段', render: (_, one) => <Slots service={one} /> },
                { title: '状态', render: (_, one) => (one.listed ? '已上架' : '未上架') },
                {
                  title: '',
                  align: 'right',
                  fixed: 'right',
                  render: (_, one) => (
                    <Space>
                      <Button aria-label={`编辑 ${one.name}`} onClick={() => setOpen(one.id)}>
                        {reason ? '查看' : '编辑'}
                      </Button>
                      <Reasoned
                        reason={reason}
                        aria-label={`${one.listed ? '下架' : '上架'} ${one.name}`}
                        onClick={() => setSale(one.id)}
                      >
                        {one.listed ? '下架' : '上架'}
                      </Reasoned>
                      <Link to={paths.log({ object: 'services', key: one.id })}>修改历史</Link>
                    </Space>
                  ),
                },
              ]}
            />
            {edited && (
              <ServiceEditor
                key={edited.revision}
                id={edited.id}
                service={edited}
                settings={settings}
                reason={reason}
                close={() => setOpen(null)}
              />
            )}
            {added && (
              <ServiceEditor
                key={added}
                id={added}
                service={undefined}
                settings={settings}
                reason={reason}
                close={() => setAdded(null)}
              />
            )}
            {sold && <Sale key={sold.revision} service={sold} close={() => setSale(null)} />}
          </section>
        )
      }}
    </Asked>
  )
}

/** How many can be booked; without any, where they are made. */
function Slots({ service: { ahead } }: { service: ServiceSettings }) {
  if (ahead.slots > 0) return `${ahead.slots} 个`
  return (
    <>
      无 <Link to={paths.schedules()}>去排班</Link>
    </>
  )
}
