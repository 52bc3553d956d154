import { PlusOutlined } from '@ant-design/icons'
import type { ConsolePromotion } from '@jiyue/contract/schema/settings'
import { promotionKindWords, promotionWorth } from '@jiyue/contract/settings'
import { Button, Empty, Skeleton, Space, Table } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { useAsk } from '../../asking.ts'
import { newId } from '../../newId.ts'
import { Asked } from '../../parts/Asked.tsx'
import { Reasoned } from '../../parts/Reasoned.tsx'
import { Two } from '../../parts/Two.tsx'
import { paths } from '../../paths.ts'
import { stampText } from '../../stamp.ts'
import { PromotionForm } from './PromotionForm.tsx'

/** The promotions, in the order they are taken off. */
export function Promotions({ reason }: { reason: string | null }) {
  const promotions = useAsk('listPromotions', {})
  const [open, setOpen] = useState<string | null>(null)
  return (
    <Asked
      query={promotions}
      waiting={<Skeleton className="card" active paragraph={{ rows: 6 }} />}
    >
      {(data) => (
        <section className="card card-flush">
          <Table<ConsolePromotion>
            rowKey="id"
            dataSource={data.promotions}
            pagination={false}
            scroll={{ x: 'max-content' }}
            locale={{ emptyText: <Empty description="还没有优惠活动，添加后会显示在服务卡片上" /> }}
            title={() => (
              <Reasoned icon={<PlusOutlined />} reason={reason} onClick={() => setOpen(newId())}>
                添加优惠
              </Reasoned>
            )}
            columns={[
              {
                title: '优惠',
                render: (_, one) => (
                  <Two first={<strong>{one.label}</strong>} second={promotionKindWords[one.kind]} />
                ),
              },
              { title: '优惠额', render: (_, one) => promotionWorth(one.kind, one.value) },
              { title: '适用', render: (_, one) => one.service?.name ?? '全部服务' },
              {
                title: '时间',
                render: (_, one) => `${stampText(one.startsAt)} 至 ${stampText(one.endsAt)}`,
              },
              { title: '状态', render: (_, one) => stateOf(one, Date.parse(data.now)) },
              {
                title: '',
                align: 'right',
                render: (_, one) => (
                  <Space>
                    <Button
                      aria-label={`编辑 ${one.label}`}
                      disabled={reason !== null}
                      onClick={() => setOpen(one.id)}
                    >
                      编辑
                    </Button>
                    <Link to={paths.log({ object: 'promotions', key: one.id })}>修改历史</Link>
                  </Space>
                ),
              },
            ]}
          />
          {open && (
            <PromotionForm
              id={open}
              promotion={data.promotions.find(({ id }) => id === open)}
              close={() => setOpen(null)}
            />
          )}
        </section>
      )}
    </Asked>
  )
}

function stateOf({ startsAt, endsAt }: ConsolePromotion, now: number): string {
  if (now < Date.parse(startsAt)) return '未开始'
  return now < Date.parse(endsAt) ? '进行中' : '已结束'
}
