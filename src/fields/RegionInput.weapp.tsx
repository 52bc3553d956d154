import { Picker, Text, View } from '@tarojs/components'
import './line.scss'
import type { RegionInputProps } from './RegionInput.tsx'
import './regionInput.scss'

/** WeChat's own list of provinces, cities and districts. */
export function RegionInput({ value, onPick }: RegionInputProps) {
  return (
    <Picker mode="region" value={value} onChange={(event) => onPick(event.detail.value)}>
      <View className="line region">
        <Text>{value.length > 0 ? value.join(' ') : '请选择省、市、区'}</Text>
      </View>
    </Picker>
  )
}
