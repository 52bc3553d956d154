import { type ServiceKind, serviceKindWords } from '@jiyue/contract/booking'
import { Text, View } from '@tarojs/components'
import { useState } from 'react'
import { pathTo } from '../../lib/paths.ts'
import { Empty } from '../../parts/Empty.tsx'
import { Failed } from '../../parts/Failed.tsx'
import { go } from '../../parts/go.ts'
import { Page } from '../../parts/Page.tsx'
import { Tap } from '../../parts/Tap.tsx'
import { useAll, useOnce, useWhileShown } from '../../parts/useApp.ts'
import { useUnread } from '../../parts/useUnread.ts'
import { app } from '../../phone.ts'
import { createServices } from '../../stores/services.ts'
import './home.scss'
import { ServiceBones, ServiceCard } from './ServiceCard.tsx'
import { Unfinished } from './Unfinished.tsx'

type Filter = ServiceKind | 'all'

/** The first screen: what can be booked, and the order that waits to be finished. */
export default function Home() {
  const services = useOnce(() => createServices(app))
  const state = useAll(services.store)
  useUnread()
  const [filter, setFilter] = useState<Filter>('all')
  useWhileShown(() => {
    void services.load()
  })

  return (
    <Page onRetry={services.load}>
      <View className="home__head">
        {state.merchant ? <Text className="home__merchant">{state.merchant}</Text> : null}
        <Text className="home__title">想预约什么服务？</Text>
        <Text className="home__line">预约、报名、缴费，一次完成</Text>
      </View>
      {state.unfinished ? (
        <Unfinished order={state.unfinished} onEnd={() => void services.load()} />
      ) : null}
      {state.services ? (
        <Filters services={state.services} value={filter} onPick={setFilter} />
      ) : null}
      <View className="home__list">{list()}</View>
    </Page>
  )

  function list() {
    const { services: all, problem } = state
    if (!all) {
      return problem ? <Failed problem={problem} onRetry={services.load} /> : <ServiceBones />
    }
    if (all.length === 0) {
      return <Empty icon="calendar" title="暂无可预约的服务" hint="商家正在准备，请稍后再来看看" />
    }
    return all
      .filter((one) => filter === 'all' || one.kind === filter)
      .map((one) => (
        <ServiceCard key={one.id} service={one} onTap={() => go.to(pathTo.booking(one.id))} />
      ))
  }
}

function Filters(props: {
  services: readonly { kind: ServiceKind }[]
  value: Filter
  onPick: (filter: Filter) => void
}) {
  const kinds = (Object.keys(serviceKindWords) as ServiceKind[]).filter((kind) =>
    props.services.some((one) => one.kind === kind),
  )
  if (kinds.length < 2) return null
  return (
    <View className="home__filters" {...{ role: 'tablist' }}>
      {(['all', ...kinds] as Filter[]).map((kind) => (
        <Tap
          key={kind}
          role="tab"
          chosen={kind === props.value}
          className={`home__filter ${kind === props.value ? 'home__filter--on' : ''}`}
          onTap={() => props.onPick(kind)}
        >
          <Text>{kind === 'all' ? '全部' : serviceKindWords[kind]}</Text>
        </Tap>
      ))}
    </View>
  )
}
