import type { Service } from '@jiyue/contract/schema/wire'
import { Image, Text, View } from '@tarojs/components'
import { photo } from '../../parts/useApp.ts'
import { Chips } from './Chips.tsx'
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
  const items = [{ value: null as string | null, text: '不限人员' }].concat(
    staff.map(({ id, name }) => ({ value: id, text: name })),
  )
  return (
    <>
      <Chips items={items} value={value} onPick={onPick} label="服务人员" />
      {chosen ? (
        <View className="staff">
          {chosen.photo ? (
            <Image className="staff__photo" src={photo(chosen.photo)} mode="aspectFill" />
          ) : null}
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
