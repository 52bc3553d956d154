import { answersFrom, type Contact } from '@jiyue/contract/contact'
import type { FormField } from '@jiyue/contract/fields/kinds'
import { Text, View } from '@tarojs/components'
import { contactTitle } from '../../lib/contacts.ts'
import { pathTo } from '../../lib/paths.ts'
import { go } from '../../parts/go.ts'
import { Icon, type IconName } from '../../parts/Icon.tsx'
import { Tap } from '../../parts/Tap.tsx'
import { useAll } from '../../parts/useApp.ts'
import { app } from '../../phone.ts'
import type { Registration } from '../../stores/registration.ts'
import './people.scss'

const icons: Record<Contact['kind'], IconName> = {
  person: 'person',
  address: 'pin',
  company: 'list',
}

/** 常用信息 that this form can use, then people typed on this phone before: one tap each (R2). */
export function People(props: { registration: Registration; fields: readonly FormField[] }) {
  const { registration, fields } = props
  const { contacts } = useAll(app.contacts.store)
  const fitting = (contacts ?? []).filter((one) => Object.keys(answersFrom(one, fields)).length > 0)
  const names = fitting.map(contactTitle)
  const others = registration.people.filter(({ name }) => names.indexOf(name) < 0)
  if (fitting.length + others.length === 0) return null
  return (
    <View className="people">
      <Text className="people__label">常用信息</Text>
      {fitting.map((one) => (
        <One
          key={one.id}
          icon={icons[one.kind]}
          name={contactTitle(one)}
          onTap={() => registration.fillWith(one)}
        />
      ))}
      {others.map((person) => (
        <One
          key={person.name}
          icon="person"
          name={person.name}
          onTap={() => registration.fillFrom(person)}
        />
      ))}
      <Tap className="people__manage" onTap={() => void go.to(pathTo.contacts)}>
        <Text>管理</Text>
      </Tap>
    </View>
  )
}

function One({ icon, name, onTap }: { icon: IconName; name: string; onTap: () => void }) {
  return (
    <Tap className="people__one" label={`填入${name}的信息`} onTap={onTap}>
      <Icon name={icon} size={14} />
      <Text className="people__name">{name}</Text>
    </Tap>
  )
}
