import type { FormField } from '@jiyue/contract/fields/kinds'
import { fieldKinds } from '@jiyue/contract/fields/registry'
import { Text, View } from '@tarojs/components'
import { Icon } from '../parts/Icon.tsx'
import { Tap } from '../parts/Tap.tsx'
import './twoAnswers.scss'

interface TwoAnswersProps {
  field: FormField
  /** The newer one, in the input above. */
  mine: unknown
  /** What another device said without having seen it. */
  other: unknown
  onChoose: (value: unknown) => void
}

/** One field, edited on two devices: both answers, and one tap that ends it on both (R8). */
export function TwoAnswers({ field, mine, other, onChoose }: TwoAnswersProps) {
  const kind = fieldKinds[field.kind]
  const text = (value: unknown) => kind.show(kind.normalise(value), field) || '（未填写）'
  return (
    <View className="two-answers" {...{ role: 'group', 'aria-label': `${field.label}有两个答案` }}>
      <View className="two-answers__why">
        <Icon name="info" />
        <Text>两台设备都填写了这一项，请选择一个</Text>
      </View>
      {[mine, other].map((value, at) => (
        <Tap
          key={at === 0 ? 'mine' : 'other'}
          className="two-answers__one"
          label={`${field.label}选择${text(value)}`}
          onTap={() => onChoose(value)}
        >
          <Text className="two-answers__text">{text(value)}</Text>
          <Text className="two-answers__from">{at === 0 ? '较新' : '较早'}</Text>
        </Tap>
      ))}
    </View>
  )
}
