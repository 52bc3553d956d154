import type { Coverage } from '@jiyue/contract/area'
import { refusals } from '@jiyue/contract/refusals'
import { Input, Text, View } from '@tarojs/components'
import { districtOf } from '../../lib/coverage.ts'
import { Icon } from '../../parts/Icon.tsx'
import { Card } from '../../parts/Page.tsx'
import { Tap } from '../../parts/Tap.tsx'
import './coverageCheck.scss'

interface CoverageCheckProps {
  coverage: Coverage
  place: string
  onPlace: (place: string) => void
}

/** Says before booking whether the service comes to a place (B3). */
export function CoverageCheck({ coverage, place, onPlace }: CoverageCheckProps) {
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
      {district === null ? null : (
        <View
          className={`area__answer ${district === 'outside' ? 'area__answer--outside' : ''}`}
          {...{ role: 'status' }}
        >
          <Icon name={district === 'outside' ? 'cross' : 'check'} />
          <Text className="area__sentence">
            {district === 'outside' ? refusals.outside_area.zh : `${district}在服务范围内，可上门`}
          </Text>
        </View>
      )}
    </Card>
  )
}
