import type { Reply } from '@jiyue/contract/schema/wire'
import { spanText } from '@jiyue/contract/time'
import { Descriptions, Drawer, Skeleton } from 'antd'
import type { ReactNode } from 'react'
import { useLocation, useNavigate, useParams } from 'react-router'
import { useAsk } from '../../asking.ts'
import { useFollow } from '../../following.tsx'
import { Asked } from '../../parts/Asked.tsx'
import { StateTag } from '../../parts/StateTag.tsx'
import { AnswerPictures } from './AnswerPictures.tsx'
import { ByHand } from './ByHand.tsx'
import { MoneyEvidence } from './MoneyEvidence.tsx'
import { OrderActions } from './OrderActions.tsx'
import { OrderAmendments } from './OrderAmendments.tsx'
import { OrderEvents } from './OrderEvents.tsx'
import { OrderMessages } from './OrderMessages.tsx'
import { OrderMoney } from './OrderMoney.tsx'
import { OrderNudges } from './OrderNudges.tsx'
import { OrderPrice } from './OrderPrice.tsx'

type Order = Reply<'getConsoleOrder'>

/** One order over the list it was opened from: whom and when, the answers, the money and how all of it came about. */
export function Component() {
  const { id = '' } = useParams()
  const { search } = useLocation()
  const navigate = useNavigate()
  const query = useAsk('getConsoleOrder', { params: { id } })
  useFollow([`order:${id}`])
  const order = query.data
  return (
    <Drawer
      open
      size={600}
      // Up one route: the list of orders, or the page of 缴费 it lies over, filtered as they were.
      onClose={() => navigate({ pathname: '..', search })}
      title={order ? <Title order={order} /> : '订单'}
      footer={order && <OrderActions order={order} />}
    >
      <Asked query={query} waiting={<Skeleton active paragraph={{ rows: 12 }} />}>
        {(data) => (
          <>
            <Who order={data} />
            {data.answers.length > 0 && <Answers order={data} />}
            <OrderAmendments amendments={data.amendments} />
            <OrderNudges nudges={data.nudges} />
            <OrderPrice quote={data.quote} moveFeesFen={data.moveFeesFen} />
            <OrderMoney order={data} />
            <ByHand order={data} />
            <MoneyEvidence facts={data.facts} />
            <OrderMessages messages={data.messages} />
            <OrderEvents events={data.events} />
          </>
        )}
      </Asked>
    </Drawer>
  )
}

function Title({ order }: { order: Order }) {
  return (
    <span className="order-title">
      {order.number} <StateTag order={order} />
    </span>
  )
}

function Who({ order }: { order: Order }) {
  const { service, slot, staff, branch, person, phoneMasked, party } = order
  const lines: [string, ReactNode][] = [
    ['服务', service.name],
    ['时段', spanText(slot.startsAt, slot.endsAt)],
    ['客户', [person, phoneMasked].filter(Boolean).join('　')],
    ['同行人数', party > 1 ? `${party} 人` : null],
    ['服务人员', staff?.name],
    ['门店', branch && `${branch.name}　${branch.address}`],
  ]
  return <Lines lines={lines} />
}

function Answers({ order: { id, answers } }: { order: Order }) {
  const shown = ({ text, pictures }: Order['answers'][number]) =>
    pictures ? <AnswerPictures orderId={id} pictures={pictures} /> : text
  return (
    <section className="drawer-part">
      <h3>报名信息</h3>
      <Lines lines={answers.map((answer) => [answer.label, shown(answer)])} />
    </section>
  )
}

function Lines({ lines }: { lines: [string, ReactNode][] }) {
  const items = lines
    .filter(([, text]) => text)
    .map(([label, text]) => ({ key: label, label, children: text }))
  return <Descriptions className="lines" column={1} size="small" colon={false} items={items} />
}
