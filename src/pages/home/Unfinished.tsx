import type { OrderCard } from '@jiyue/contract/schema/wire'
import { spanText } from '@jiyue/contract/time'
import { Text, View } from '@tarojs/components'
import { clockOf, stepOf } from '../../flow.ts'
import { pathOfStep } from '../../lib/paths.ts'
import { Countdown } from '../../parts/Countdown.tsx'
import { go } from '../../parts/go.ts'
import { Icon } from '../../parts/Icon.tsx'
import { Tap } from '../../parts/Tap.tsx'
import { app } from '../../phone.ts'
import './unfinished.scss'

/** The order somebody left in the middle: one tap goes on where it stopped. */
export function Unfinished({ order, onEnd }: { order: OrderCard; onEnd: () => void }) {
  const { step, button } = stepOf(order, app.clock.now())
  const until = clockOf(order)
  const goOn = () => go.to(pathOfStep(step, order, true))
  return (
    <Tap className="unfinished" onTap={goOn} label={`${button ?? ''} ${order.service.name}`}>
      <View className="unfinished__body">
        <Text className="unfinished__name">{order.service.name}</Text>
        <Text className="unfinished__slot">{spanText(order.slot.startsAt, order.slot.endsAt)}</Text>
        {until ? (
          <View className="unfinished__clock">
            <Text>名额保留 </Text>
            <Countdown until={until} onEnd={onEnd} />
          </View>
        ) : null}
      </View>
      <Text className="unfinished__go">{button}</Text>
      <Icon name="right" />
    </Tap>
  )
}
