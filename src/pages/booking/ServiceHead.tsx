import type { Service } from '@jiyue/contract/schema/wire'
import { durationText } from '@jiyue/contract/time'
import { Text, View } from '@tarojs/components'
import { Icon } from '../../parts/Icon.tsx'
import { Price } from '../../parts/Price.tsx'
import { Photos } from './Photos.tsx'
import './serviceHead.scss'

/** Top of the service card: price, duration and rating in one look (B1). */
export function ServiceHead({ service }: { service: Service }) {
  const { name, summary, promotion, photos } = service
  return (
    <View className="head">
      <Photos photos={photos} name={name} />
      <View className="head__body">
        <Text className="head__name">{name}</Text>
        <Text className="head__summary">{summary}</Text>
        {promotion ? <Text className="head__promotion">{promotion}</Text> : null}
        <View className="head__facts">
          <View className="head__fact">
            <Price fen={service.priceFen} unit={service.priceUnit} />
            <Text className="head__label">价格</Text>
          </View>
          <View className="head__fact">
            <Text className="head__value">{durationText(service.durationMinutes)}</Text>
            <Text className="head__label">时长</Text>
          </View>
          <View className="head__fact">
            <Rating service={service} />
            <Text className="head__label">
              {service.reviewCount > 0 ? `${service.reviewCount} 条评价` : '评分'}
            </Text>
          </View>
        </View>
      </View>
    </View>
  )
}

function Rating({ service }: { service: Service }) {
  if (service.rating === null) return <Text className="head__value">暂无评分</Text>
  return (
    <View className="head__rating">
      <Icon name="star" size={18} />
      <Text className="head__value">{service.rating.toFixed(1)}</Text>
    </View>
  )
}
