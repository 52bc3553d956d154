import type { Service } from '@jiyue/contract/schema/wire'
import { dateText } from '@jiyue/contract/time'
import { Text, View } from '@tarojs/components'
import { useState } from 'react'
import { Icon } from '../../parts/Icon.tsx'
import { Card } from '../../parts/Page.tsx'
import { Tap } from '../../parts/Tap.tsx'
import './serviceMore.scss'

/** The rest of the service card: what it is, what to know, where, and what others say (B1). */
export function ServiceMore({ service }: { service: Service }) {
  return (
    <View>
      <Points title="服务内容" points={service.content} icon="check" />
      <Points title="注意事项" points={service.notes} icon="info" />
      <Card title="取消规则">
        <Text className="more__text">{service.cancelRule}</Text>
        {service.deposit ? (
          <Text className="more__text">{`押金：${service.deposit.condition}`}</Text>
        ) : null}
      </Card>
      <Branches branches={service.branches} />
      <Reviews reviews={service.reviews} />
    </View>
  )
}

function Points(props: { title: string; points: readonly string[]; icon: 'check' | 'info' }) {
  if (props.points.length === 0) return null
  return (
    <Card title={props.title}>
      {props.points.map((point) => (
        <View key={point} className="more__point">
          <View className="more__dot">
            <Icon name={props.icon} size={16} />
          </View>
          <Text className="more__text">{point}</Text>
        </View>
      ))}
    </Card>
  )
}

function Branches({ branches }: { branches: Service['branches'] }) {
  if (branches.length === 0) return null
  return (
    <Card title="服务门店">
      {branches.map(({ id, name, address, phone }) => (
        <View key={id} className="more__branch">
          <Icon name="pin" size={18} />
          <View className="more__place">
            <Text className="more__name">{name}</Text>
            <Text className="more__text">{address}</Text>
            <Text className="more__text">{phone}</Text>
          </View>
        </View>
      ))}
    </Card>
  )
}

/** The first few stand open; the rest on demand. */
const shownReviews = 3

function Reviews({ reviews }: { reviews: Service['reviews'] }) {
  const [all, setAll] = useState(false)
  if (reviews.length === 0) return null
  return (
    <Card title="用户评价">
      {reviews.slice(0, all ? reviews.length : shownReviews).map(({ name, rating, text, at }) => (
        <View key={`${name}${at}`} className="more__review">
          <View className="more__line">
            <Text className="more__name">{name}</Text>
            <View className="more__stars" {...{ 'aria-label': `${rating} 星`, role: 'img' }}>
              {[1, 2, 3, 4, 5].slice(0, rating).map((star) => (
                <Icon key={star} name="star" size={14} />
              ))}
            </View>
            <Text className="more__date">{dateText(at)}</Text>
          </View>
          <Text className="more__text">{text}</Text>
        </View>
      ))}
      {!all && reviews.length > shownReviews ? (
        <Tap className="more__all" onTap={() => setAll(true)}>
          <Text>{`查看全部 ${reviews.length} 条评价`}</Text>
        </Tap>
      ) : null}
    </Card>
  )
}
