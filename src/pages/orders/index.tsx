import { View } from '@tarojs/components'
import { useEffect, useRef } from 'react'
import { pathTo, tabs } from '../../lib/paths.ts'
import { Empty } from '../../parts/Empty.tsx'
import { Failed } from '../../parts/Failed.tsx'
import { go } from '../../parts/go.ts'
import { NegotiationItem } from '../../parts/NegotiationItem.tsx'
import { Page } from '../../parts/Page.tsx'
import { Problem } from '../../parts/Problem.tsx'
import { BoneLines } from '../../parts/Skeleton.tsx'
import { useAll, useOnce, useWhileShown } from '../../parts/useApp.ts'
import { useUnread } from '../../parts/useUnread.ts'
import { app } from '../../phone.ts'
import { createNegotiations, isOpen } from '../../stores/negotiations.ts'
import { createOrders } from '../../stores/orders.ts'
import { createWaits } from '../../stores/waits.ts'
import { OrderItem } from './OrderItem.tsx'
import { WaitItem } from './WaitItem.tsx'
import './orders.scss'

/** The person's orders, newest first. */
export default function OrdersPage() {
  useUnread()
  const orders = useOnce(() => createOrders(app))
  const { orders: all, signedIn, problem } = useAll(orders.store)
  const waits = useOnce(() => createWaits(app))
  const { waits: places, busy, refusal } = useAll(waits.store)
  const negotiations = useOnce(() => createNegotiations(app))
  const asks = useAll(negotiations.store)
  const stopFollowing = useRef(() => {})
  const load = async () => {
    await orders.load()
    await Promise.all([waits.load(), negotiations.load()])
    stopFollowing.current()
    stopFollowing.current = orders.follow()
  }
  useWhileShown(() => {
    void load()
    const stops = [waits.follow(), negotiations.follow()]
    return () => {
      stopFollowing.current()
      for (const stop of stops) stop()
    }
  })
  // Offered seats are an order: it stands in the list that was read before it.
  const offered = places.filter(({ state }) => state === 'offered').length
  // biome-ignore lint/correctness/useExhaustiveDependencies: read again when their number changes only.
  useEffect(() => {
    if (offered > 0) void load()
  }, [offered])
  const signIn = async () => {
    if (await app.session.ensure()) await load()
  }

  return (
    <Page onRetry={load}>
      <View className="orders">{content()}</View>
    </Page>
  )

  function content() {
    if (!signedIn) {
      return (
        <Empty
          icon="person"
          title="登录后查看订单"
          hint="预约、报名和缴费进度都在这里"
          button="登录"
          onTap={signIn}
        />
      )
    }
    if (!all) return problem ? <Failed problem={problem} onRetry={load} /> : <OrderBones />
    const inLine = places.filter(({ state }) => state === 'waiting')
    const open = asks.all.filter(({ state }) => isOpen(state))
    if (all.length + inLine.length + open.length === 0) {
      return (
        <Empty
          icon="list"
          title="还没有订单"
          hint="去首页选一个服务，两分钟完成预约"
          button="去预约"
          onTap={() => go.tab(tabs.home)}
        />
      )
    }
    return (
      <>
        <Problem text={(refusal ?? asks.refusal)?.message} />
        {open.map((one) => (
          <View key={one.id} className="orders__ask">
            <NegotiationItem
              one={one}
              busy={asks.busy}
              onBook={() => go.to(pathTo.booking(one.service.id))}
              onDrop={() => void negotiations.drop(one.id)}
              onEnd={() => void negotiations.load()}
            />
          </View>
        ))}
        {inLine.map((wait) => (
          <WaitItem
            key={wait.id}
            wait={wait}
            busy={busy}
            onLeave={() => void waits.leave(wait.id)}
          />
        ))}
        {all.map((order) => (
          <OrderItem
            key={order.id}
            order={order}
            onOpen={() => go.to(pathTo.order(order.id))}
            onEnd={() => void load()}
          />
        ))}
      </>
    )
  }
}

function OrderBones() {
  return (
    <>
      {[0, 1, 2].map((key) => (
        <View key={key} className="orders__bones">
          <BoneLines widths={['50%', '70%', '30%']} />
        </View>
      ))}
    </>
  )
}
