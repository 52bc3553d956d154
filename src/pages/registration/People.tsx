import { Text, View } from '@tarojs/components'
import type { Person } from '../../lib/people.ts'
import { Icon } from '../../parts/Icon.tsx'
import { Tap } from '../../parts/Tap.tsx'
import './people.scss'

/** People registered before on this phone: one tap fills in what is known of them (R2). */
export function People(props: { people: readonly Person[]; onPick: (person: Person) => void }) {
  if (props.people.length === 0) return null
  return (
    <View className="people">
      <Text className="people__label">常用信息</Text>
      {props.people.map((person) => (
        <Tap
          key={person.name}
          className="people__one"
          label={`填入${person.name}的信息`}
          onTap={() => props.onPick(person)}
        >
          <Icon name="person" size={14} />
          <Text className="people__name">{person.name}</Text>
        </Tap>
      ))}
    </View>
  )
}
