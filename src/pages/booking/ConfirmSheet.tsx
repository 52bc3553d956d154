import type { Service, Slot } from '@jiyue/contract/schema/wire'
import { spanText } from '@jiyue/contract/time'
import { Text, View } from '@tarojs/components'
import { MainButton } from '../../parts/MainButton.tsx'
import { Price } from '../../parts/Price.tsx'
import { type Row, Rows } from '../../parts/Rows.tsx'
import { Sheet } from '../../parts/Sheet.tsx'
import './confirmSheet.scss'

interface ConfirmSheetProps {
  open: boolean
  service: Service
  slot: Slot
  party: number
  busy: boolean
  onConfirm: () => void
  onClose: () => void
}

/** 预约确认弹窗: everything that will be held, and the rule, before the tap that holds it (B7). */
export function ConfirmSheet(props: ConfirmSheetProps) {
  const { service, slot, party, busy } = props
  const staff = service.staff.filter((one) => one.id === slot.staffId)[0]
  const branch = service.branches.filter((one) => one.id === slot.branchId)[0]
  const rows: (Row | null)[] = [
    { label: '服务', value: service.name },
    { label: '时段', value: spanText(slot.startsAt, slot.endsAt) },
    service.party ? { label: '同行人数', value: `${party} 人` } : null,
    staff ? { label: '服务人员', value: staff.name } : null,
    branch ? { label: '门店', value: branch.name } : null,
    {
      label: '价格',
      value: <Price fen={slot.priceFen} unit={service.priceUnit} size="middle" />,
    },
  ]
  return (
    <Sheet
      open={props.open}
      title="确认预约"
      onClose={props.onClose}
      foot={<MainButton text="确认预约" busy={busy} onTap={props.onConfirm} />}
    >
      <Rows rows={rows.filter((row): row is Row => row !== null)} />
      <View className="confirm__rules">
        <Text className="confirm__rule">{`取消规则：${service.cancelRule}`}</Text>
      </View>
    </Sheet>
  )
}
