import type { Service } from '@jiyue/contract/schema/wire'
import { Text, View } from '@tarojs/components'
import { Chips } from './Chips.tsx'
import { StaffFace } from './StaffFace.tsx'
import './staffFilter.scss'

interface StaffFilterProps {
  staff: Service['staff']
  value: string | null
  onPick: (staffId: string | null) => void
}

/** Whose slots, with a word about the one chosen; nothing where a service needs nobody. */
export function StaffFilter({ staff, value, onPick }: StaffFilterProps) {
  if (staff.length === 0) return null
  const chosen = staff.filter((one) => one.id === value)[0]
  const anyone = { value: null as string | null, text: '不限人员' }
  const items = staff.map((one) => ({
    value: one.id,
    text: one.name,
    face: <StaffFace one={one} />,
  }))
  return (
    <>
      <Chips items={[anyone, ...items]} value={value} onPick={onPick} label="服务人员" />
      {chosen ? (
        <View className="staff">
          <View className="staff__photo">
            <StaffFace one={chosen} large />
          </View>
          <View className="staff__words">
            <Text className="staff__title">
              {[chosen.title, chosen.rating === null ? null : `${chosen.rating.toFixed(1)} 分`]
                .filter(Boolean)
                .join(' · ')}
            </Text>
            <Text>{chosen.profile}</Text>
          </View>
        </View>
      ) : null}
    </>
  )
}
