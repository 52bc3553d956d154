import type { OrderCard } from '@jiyue/contract/schema/wire'
import { spanText } from '@jiyue/contract/time'
import { Text, View } from '@tarojs/components'
import { clockOf, stepOf, tagOf } from '../../flow.ts'
import { pathOfStep } from '../../lib/paths.ts'
import { Countdown } from '../../parts/Countdown.tsx'
import { go } from '../../parts/go.ts'
import { MainButton } from '../../parts/MainButton.tsx'
import { Picture } from '../../parts/Picture.tsx'
import { Price } from '../../parts/Price.tsx'
import { Tag } from '../../parts/Tag.tsx'
import { Tap } from '../../parts/Tap.tsx'
import { photo, useNow } from '../../parts/useApp.ts'
import './orderItem.scss'

interface OrderItemProps {
  order: OrderCard
  onOpen: () => void
  /** Its clock ran out. */
  onEnd: () => void
}

/** One order in the list: its state, and the button that goes on with it. */
export function OrderItem({ order, onOpen, onEnd }: OrderItemProps) {
  const now = useNow(5_000)
  const { step, button, state } = stepOf(order, now)
  const { word, tone } = tagOf(order, now)
  const until = state === order.state ? clockOf(order) : null
  const goOn = () => go.to(pathOfStep(step, order, state === 'expired'))
  return (
    <View className="item">
      <Tap className="item__open" role="link" onTap={onOpen}>
        <View className="item__head">
          <Text className="item__number">{order.number}</Text>
          <Tag word={word} tone={tone} />
        </View>
        <View className="item__body">
          <Picture
            alt=""
            className="item__cover"
            src={photo(order.service.cover)}
            mode="aspectFill"
            lazyLoad
          />
          <View className="item__text">
            <Text className="item__name">{order.service.name}</Text>
            <Text className="item__slot">{spanText(order.slot.startsAt, order.slot.endsAt)}</Text>
            <View className="item__price">
              <Price fen={order.payableFen} size="small" />
              {order.party > 1 ? <Text className="item__party">{`${order.party} 人`}</Text> : null}
            </View>
          </View>
        </View>
      </Tap>
      {button ? (
        <View className="item__foot">
          {until ? (
            <View className="item__clock">
              <Text>{state === 'held' ? '名额保留 ' : '剩余 '}</Text>
              <Countdown until={until} onEnd={onEnd} />
            </View>
          ) : null}
          <MainButton small look={until ? 'main' : 'plain'} text={button} onTap={goOn} />
        </View>
      ) : null}
    </View>
  )
}
