import type { Coverage, Point } from '@jiyue/contract/area'
import { Input, Text, View } from '@tarojs/components'
import { districtOf, placeText, reachOfTyped } from '../../lib/coverage.ts'
import { Icon } from '../../parts/Icon.tsx'
import { Card } from '../../parts/Page.tsx'
import { PlaceButton } from '../../parts/PlaceButton.tsx'
import { ReachNote } from '../../parts/ReachNote.tsx'
import { Tap } from '../../parts/Tap.tsx'
import './coverageCheck.scss'

interface CoverageCheckProps {
  coverage: Coverage
  place: string
  point: Point | null
  onPlace: (place: string, point?: Point) => void
}

/** Says before booking whether the service comes to a place (B3). */
export function CoverageCheck({ coverage, place, point, onPlace }: CoverageCheckProps) {
  const district = districtOf(coverage, place)
  return (
    <Card title="上门地区">
      <View className="area__line">
        <Icon name="pin" size={18} />
        <Input
          className="area__input"
          value={place}
          maxlength={60}
          placeholder="输入您所在的区或地址"
          {...{ 'aria-label': '您所在的区或地址' }}
          onInput={(event) => onPlace(event.detail.value)}
        />
      </View>
      <View className="area__districts">
        {coverage.districts.map((name) => (
          <Tap key={name} className="area__tap" onTap={() => onPlace(`${coverage.city}${name}`)}>
            <Text className={`area__district ${name === district ? 'area__district--on' : ''}`}>
              {name}
            </Text>
          </Tap>
        ))}
      </View>
      {coverage.circles.length > 0 ? (
        <PlaceButton onPlace={(chosen) => onPlace(placeText(chosen) || '我的位置', chosen)} />
      ) : null}
      <ReachNote reach={reachOfTyped(coverage, place, point)} />
    </Card>
  )
}
