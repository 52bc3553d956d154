import { WarningOutlined } from '@ant-design/icons'
import { price } from '@jiyue/contract/money'
import type { Reply } from '@jiyue/contract/schema/wire'
import { clockText, dateText, durationText, minuteMs } from '@jiyue/contract/time'
import { App, Empty, Skeleton } from 'antd'
import { Outlet } from 'react-router'
import { useAct } from '../../../acting.ts'
import { queries, useAsk } from '../../../asking.ts'
import { useNow } from '../../../clock.ts'
import { Asked } from '../../../parts/Asked.tsx'
import { Failure } from '../../../parts/Failure.tsx'
import { OrderOver } from '../../../parts/OrderOver.tsx'
import { Reasoned } from '../../../parts/Reasoned.tsx'
import { Two } from '../../../parts/Two.tsx'
import { useWhyNoRight } from '../../../useWhyNoRight.ts'

type Delivery = Reply<'listDeliveries'>['deliveries'][number]

/** 发货信息: what WeChat has not been told of yet. The late ones stand on top: their money is frozen. */
export function Component() {
  const query = useAsk('listDeliveries', {})
  return (
    <>
      <p className="quiet">
        服务完成后，系统自动向微信上传发货信息；微信收到之前，这些订单的款项不会结算给商户
      </p>
      <section className="card card-flush">
        <Asked query={query} waiting={<Skeleton className="padded" active />}>
          {({ deliveries }) =>
            deliveries.length > 0 ? (
              <ul className="rows">
                {[...deliveries].sort(lateFirst).map((delivery) => (
                  <Row key={delivery.id} delivery={delivery} />
                ))}
              </ul>
            ) : (
              <Empty
                className="padded"
                description="没有待上传的发货信息，已完成的订单都已上报微信"
              />
            )
          }
        </Asked>
      </section>
      <Outlet />
    </>
  )
}

/** The server lists the oldest first; sorting keeps that within both parts. */
const lateFirst = (a: Delivery, b: Delivery) => Number(b.late) - Number(a.late)

function Row({ delivery }: { delivery: Delivery }) {
  const { orderId, orderNumber, serviceName, amountFen, failure, tries, since, late } = delivery
  const passedMs = useNow(60) - Date.parse(since)
  return (
    <li className={late ? 'row row-late' : 'row'} data-delivery={delivery.id}>
      <span className="row-mark">
        {late ? (
          <span className="state state-bad">
            <WarningOutlined /> 超时未上传
          </span>
        ) : (
          <span className="state state-wait">
            {delivery.state === 'failed' ? '被拒绝' : '排队中'}
          </span>
        )}
      </span>
      <Two
        first={<OrderOver id={orderId} number={orderNumber} />}
        second={`${serviceName} · ${price(amountFen)}`}
      />
      <Two
        first={
          <>
            {failure ? <Failure failure={failure} /> : '等待上传'}
            {tries > 0 && `，已尝试 ${tries} 次`}
          </>
        }
        second={`服务完成于 ${dateText(since)} ${clockText(since)}，${agoText(passedMs)}`}
      />
      <Retry delivery={delivery} />
    </li>
  )
}

/** 「刚刚」, 「已过 25 小时」: whole hours from the first on, nobody counts the minutes of a day. */
function agoText(ms: number): string {
  const minutes = Math.floor(ms / minuteMs)
  if (minutes < 1) return '刚刚'
  return `已过 ${durationText(minutes < 60 ? minutes : minutes - (minutes % 60))}`
}

function Retry({ delivery }: { delivery: Delivery }) {
  const { message } = App.useApp()
  const noRight = useWhyNoRight('money')
  const retry = useAct('retryDelivery', {
    done() {
      message.success('已重新提交上传')
      void queries.invalidateQueries({ queryKey: ['listDeliveries'] })
    },
  })
  const { state, late } = delivery
  const waits = state === 'waiting' && !late ? '系统正在自动上传，无需操作' : null
  return (
    <Reasoned
      reason={noRight ?? waits}
      loading={retry.isPending}
      onClick={() => retry.mutate({ params: { id: delivery.id } })}
    >
      重试
    </Reasoned>
  )
}
