import { CheckCircleOutlined, CloseCircleOutlined, WarningOutlined } from '@ant-design/icons'
import { type CheckInVerdict, checkInWords } from '@jiyue/contract/checkIn'
import type { Reply } from '@jiyue/contract/schema/wire'
import { clockText, dateText, spanText } from '@jiyue/contract/time'
import { App, Button, Descriptions, Popconfirm, Skeleton, Space } from 'antd'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { useAct } from '../../acting.ts'
import { queries, useAsk } from '../../asking.ts'
import { useFollow } from '../../following.tsx'
import { Asked } from '../../parts/Asked.tsx'
import { StateTag } from '../../parts/StateTag.tsx'
import { paths } from '../../paths.ts'

type Found = Reply<'findCheckIn'>

const looks: Record<CheckInVerdict, { look: 'good' | 'warn' | 'bad'; icon: ReactNode }> = {
  ok: { look: 'good', icon: <CheckCircleOutlined /> },
  early: { look: 'warn', icon: <WarningOutlined /> },
  late: { look: 'warn', icon: <WarningOutlined /> },
  done: { look: 'good', icon: <CheckCircleOutlined /> },
  unpaid: { look: 'bad', icon: <CloseCircleOutlined /> },
  missed: { look: 'bad', icon: <CloseCircleOutlined /> },
  cancelled: { look: 'bad', icon: <CloseCircleOutlined /> },
}

/** Whose code it is, whether it fits now, and the one button. */
export function Found({ code, onNext }: { code: string; onNext: () => void }) {
  const query = useAsk('findCheckIn', { params: { code } }, { staleTime: 0 })
  return (
    <section className="card" aria-label="核销结果">
      <Asked query={query} waiting={<Skeleton active />}>
        {(found) => <Card found={found} onNext={onNext} />}
      </Asked>
    </section>
  )
}

function Card({ found, onNext }: { found: Found; onNext: () => void }) {
  const { order, verdict, from } = found
  useFollow([`order:${order.id}`])
  const { look, icon } = looks[verdict]
  const lines: [string, string | null][] = [
    ['客户', [order.person, order.phoneMasked].filter(Boolean).join('　')],
    ['服务', order.service.name],
    ['时段', spanText(order.slot.startsAt, order.slot.endsAt)],
    ['人数', `${order.party} 人`],
    ['服务人员', order.staffName],
    ['门店', order.place],
  ]
  return (
    <>
      <p className={`desk-verdict desk-${look}`} data-verdict={verdict}>
        {icon} {checkInWords[verdict]}
      </p>
      {verdict === 'early' && (
        <p className="desk-why">
          该订单的时段是 <strong>{spanText(order.slot.startsAt, order.slot.endsAt)}</strong>，
          {dateText(from)} {clockText(from)} 起可核销
        </p>
      )}
      <Descriptions
        className="lines"
        column={1}
        size="small"
        colon={false}
        title={
          <span className="order-title">
            <Link to={paths.order(order.id)}>{order.number}</Link> <StateTag order={order} />
          </span>
        }
        items={lines
          .filter(([, text]) => text)
          .map(([label, text]) => ({ key: label, label, children: text }))}
      />
      <Buttons found={found} onNext={onNext} />
    </>
  )
}

function Buttons({ found: { order, verdict }, onNext }: { found: Found; onNext: () => void }) {
  const { message } = App.useApp()
  const checkIn = useAct('checkIn', {
    done() {
      message.success(`已核销 ${order.person}`)
      void queries.invalidateQueries()
    },
  })
  const go = (early: boolean) => checkIn.mutate({ params: { id: order.id }, body: { early } })
  const button = (text: string, onClick?: () => void) => (
    <Button type="primary" size="large" loading={checkIn.isPending} onClick={onClick}>
      {text}
    </Button>
  )
  return (
    <Space wrap className="desk-buttons">
      {(verdict === 'ok' || verdict === 'late') && button('确认核销', () => go(false))}
      {verdict === 'early' && (
        <Popconfirm
          title="确定提前核销？"
          description="核销后订单即完成，不能撤销"
          okText="提前核销"
          onConfirm={() => go(true)}
        >
          {button('提前核销')}
        </Popconfirm>
      )}
      <Button size="large" onClick={onNext}>
        下一位
      </Button>
    </Space>
  )
}
