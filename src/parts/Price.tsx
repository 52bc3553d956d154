import { yuan } from '@jiyue/contract/money'
import { Text, View } from '@tarojs/components'
import './price.scss'

interface PriceProps {
  fen: number
  /** 「/ 次」 */
  unit?: string
  size?: 'small' | 'middle' | 'large'
}

/** An amount of money: digits of one width, the sign of the currency small before them. */
export function Price({ fen, unit, size = 'middle' }: PriceProps) {
  const [whole, rest] = yuan(Math.abs(fen)).split('.')
  return (
    <View className={`price price--${size}`}>
      <Text className="price__sign">{fen < 0 ? '-¥' : '¥'}</Text>
      <Text className="price__whole">{whole}</Text>
      {rest === '00' && size !== 'large' ? null : <Text className="price__rest">{`.${rest}`}</Text>}
      {unit ? <Text className="price__unit">{` / ${unit}`}</Text> : null}
    </View>
  )
}
