import { View } from '@tarojs/components'
import { useRef } from 'react'
import { pathTo, tabs } from '../../lib/paths.ts'
import { Empty } from '../../parts/Empty.tsx'
import { Failed } from '../../parts/Failed.tsx'
import { go } from '../../parts/go.ts'
import { Page } from '../../parts/Page.tsx'
import { BoneLines } from '../../parts/Skeleton.tsx'
import { useAll, useOnce, useWhileShown } from '../../parts/useApp.ts'
import { app } from '../../phone.ts'
import { createOrders } from '../../stores/orders.ts'
import { OrderItem } from './OrderItem.tsx'
import './orders.scss'

/** The person's orders, newest first. */
export default function OrdersPage() {
  const orders = useOnce(() => createOrders(app))
  const { orders: all, signedIn, problem } = useAll(orders.store)
  const stopFollowing = useRef(() => {})
  const load = async () => {
    await orders.load()
    stopFollowing.current()
    stopFollowing.current = orders.follow()
  }
  useWhileShown(() => {
    void load()
    return () => stopFollowing.current()
  })
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
    if (all.length === 0) {
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
    return all.map((order) => (
      <OrderItem
        key={order.id}
        order={order}
        onOpen={() => go.to(pathTo.order(order.id))}
        onEnd={() => void load()}
      />
    ))
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
