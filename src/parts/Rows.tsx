import { Text, View } from '@tarojs/components'
import type { ReactNode } from 'react'
import './rows.scss'

export interface Row {
  label: string
  value: ReactNode
}

/** Facts under each other: name left, value right. */
export function Rows({ rows }: { rows: readonly Row[] }) {
  return (
    <View className="rows">
      {rows.map(({ label, value }) => (
        <View key={label} className="rows__row">
          <Text className="rows__label">{label}</Text>
          <View className="rows__value">{value}</View>
        </View>
      ))}
    </View>
  )
}
