import type { PartyPart } from '@jiyue/contract/group'
import { price } from '@jiyue/contract/money'
import type { Service, Slot } from '@jiyue/contract/schema/wire'
import { spanText } from '@jiyue/contract/time'
import { Text, View } from '@tarojs/components'
import { MainButton } from '../../parts/MainButton.tsx'
import { Rows } from '../../parts/Rows.tsx'
import { Sheet } from '../../parts/Sheet.tsx'
import './confirmSheet.scss'

interface GroupSheetProps {
  open: boolean
  service: Service
  parts: readonly PartyPart<Slot>[]
  busy: boolean
  onConfirm: () => void
  onClose: () => void
}

/** 预约确认弹窗 of a party over several slots: all of them are held, or none (B6 B7). */
export function GroupSheet({ open, service, parts, busy, onConfirm, onClose }: GroupSheetProps) {
  const people = parts.reduce((sum, { party }) => sum + party, 0)
  const rows = [
    { label: '服务', value: service.name },
    ...parts.map(({ slot, party }) => ({
      label: spanText(slot.startsAt, slot.endsAt),
      value: `${party} 人 · ${price(slot.priceFen)}/${service.priceUnit}`,
    })),
    { label: '同行人数', value: `${people} 人` },
  ]
  return (
    <Sheet
      open={open}
      title={`确认预约 ${parts.length} 个时段`}
      onClose={onClose}
      foot={<MainButton text="全部预约" busy={busy} onTap={onConfirm} />}
    >
      <Rows rows={rows} />
      <View className="confirm__rules">
        <Text className="confirm__rule">各时段同时锁定，任一时段约满则全部不锁定</Text>
        <Text className="confirm__rule">{`取消规则：${service.cancelRule}`}</Text>
      </View>
    </Sheet>
  )
}
