import type { ServiceCard as Service } from '@jiyue/contract/schema/wire'
import { durationText } from '@jiyue/contract/time'
import { Text, View } from '@tarojs/components'
import { Icon } from '../../parts/Icon.tsx'
import { Picture } from '../../parts/Picture.tsx'
import { Price } from '../../parts/Price.tsx'
import { Bone, BoneLines } from '../../parts/Skeleton.tsx'
import { Tap } from '../../parts/Tap.tsx'
import { photo } from '../../parts/useApp.ts'
import './serviceCard.scss'

/** One service in the list: price, duration and rating before everything else (B1). */
export function ServiceCard({ service, onTap }: { service: Service; onTap: () => void }) {
  const { name, summary, rating, reviewCount, promotion } = service
  return (
    <Tap className="service" role="link" onTap={onTap}>
      <Picture
        alt=""
        className="service__cover"
        src={photo(service.cover)}
        mode="aspectFill"
        lazyLoad
      />
      <View className="service__body">
        <Text className="service__name">{name}</Text>
        <Text className="service__summary">{summary}</Text>
        <View className="service__facts">
          <Icon name="clock" size={14} />
          <Text className="service__fact">{durationText(service.durationMinutes)}</Text>
          {rating === null ? null : (
            <>
              <View className="service__star">
                <Icon name="star" size={14} />
              </View>
              <Text className="service__fact">{`${rating.toFixed(1)}（${reviewCount}）`}</Text>
            </>
          )}
        </View>
        <View className="service__foot">
          <Price fen={service.priceFen} unit={service.priceUnit} />
          {promotion ? <Text className="service__promotion">{promotion}</Text> : null}
        </View>
      </View>
    </Tap>
  )
}

/** The list before it is there. */
export function ServiceBones() {
  return (
    <>
      {[0, 1, 2, 3].map((key) => (
        <View key={key} className="service">
          <View className="service__cover">
            <Bone height={104} />
          </View>
          <View className="service__body">
            <BoneLines widths={['60%', '90%', '45%', '30%']} />
          </View>
        </View>
      ))}
    </>
  )
}
