import { GiftOutlined } from '@ant-design/icons'
import { price } from '@jiyue/contract/money'
import type { CouponGrant } from '@jiyue/contract/schema/coupons'
import { monthDayText } from '@jiyue/contract/time'
import { App, Empty, Skeleton, Space, Table } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { useAct } from '../../acting.ts'
import { queries, useAsk } from '../../asking.ts'
import { newId } from '../../newId.ts'
import { Asked } from '../../parts/Asked.tsx'
import { Reasoned } from '../../parts/Reasoned.tsx'
import { Two } from '../../parts/Two.tsx'
import { paths } from '../../paths.ts'
import { stampText } from '../../stamp.ts'
import { CouponForm } from './CouponForm.tsx'

/** Coupons that were given, with what became of them; giving, and taking back what is not used. */
export function Coupons({ reason }: { reason: string | null }) {
  const coupons = useAsk('listCoupons', {})
  const [open, setOpen] = useState<string | null>(null)
  return (
    <Asked query={coupons} waiting={<Skeleton className="card" active paragraph={{ rows: 6 }} />}>
      {(data) => (
        <section className="card card-flush">
          <Table<CouponGrant>
            rowKey="id"
            dataSource={data.grants}
            pagination={false}
            scroll={{ x: 'max-content' }}
            locale={{
              emptyText: <Empty description="还没有发放过优惠券，可发给指定的客户作为回馈或补偿" />,
            }}
            title={() => (
              <Reasoned icon={<GiftOutlined />} reason={reason} onClick={() => setOpen(newId())}>
                发放优惠券
              </Reasoned>
            )}
            columns={[
              {
                title: '优惠券',
                render: (_, one) => <Two first={<strong>{one.label}</strong>} second={one.note} />,
              },
              { title: '优惠额', render: (_, one) => price(one.offFen) },
              { title: '发给', align: 'right', render: (_, one) => `${one.given} 人` },
              { title: '已用', align: 'right', dataIndex: 'used' },
              { title: '待使用', align: 'right', dataIndex: 'open' },
              { title: '有效至', render: (_, one) => lastDay(one) },
              {
                title: '发放',
                render: (_, one) => (
                  <Two first={one.byName ?? ''} second={stampText(one.givenAt)} />
                ),
              },
              {
                title: '',
                align: 'right',
                render: (_, one) => (
                  <Space>
                    <Revoke grant={one} reason={reason} />
                    <Link to={paths.log({ object: 'coupon_grants', key: one.id })}>修改历史</Link>
                  </Space>
                ),
              },
            ]}
          />
          {open && <CouponForm id={open} close={() => setOpen(null)} />}
        </section>
      )}
    </Asked>
  )
}

/** Its last whole day, or when it was taken back. */
const lastDay = ({ expiresAt, revokedAt }: CouponGrant) =>
  revokedAt ? `${stampText(revokedAt)} 收回` : monthDayText(Date.parse(expiresAt) - 1)

function Revoke({ grant, reason }: { grant: CouponGrant; reason: string | null }) {
  const { message, modal } = App.useApp()
  const revoke = useAct('deleteCoupons', {
    done() {
      void queries.invalidateQueries()
      message.success('已收回未使用的优惠券')
    },
  })
  const none = grant.open === 0 ? '没有待使用的优惠券' : null
  const ask = () =>
    modal.confirm({
      title: `收回 ${grant.open} 张未使用的「${grant.label}」？`,
      content: '收回后立即失效，不能恢复；已用于订单的不受影响。',
      okText: '收回',
      onOk: () => revoke.mutateAsync({ params: { id: grant.id } }).catch(() => undefined),
    })
  return (
    <Reasoned
      reason={reason ?? none}
      aria-label={`收回 ${grant.label}`}
      loading={revoke.isPending}
      onClick={ask}
    >
      收回
    </Reasoned>
  )
}
