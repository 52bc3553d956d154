import type { Order } from '@jiyue/contract/schema/wire'
import { spanText } from '@jiyue/contract/time'
import { Text, View } from '@tarojs/components'
import { Icon } from '../../parts/Icon.tsx'
import { MainButton } from '../../parts/MainButton.tsx'
import { Card } from '../../parts/Page.tsx'
import { Problem } from '../../parts/Problem.tsx'
import './attendance.scss'

interface AttendanceCardProps {
  order: Pick<Order, 'attendance' | 'slot'>
  busy: boolean
  problem: string | null
  onConfirm: () => void
  onCancel: () => void
}

/** 「是否确认参与」 (B8): asked the day before; silence keeps the booking. */
export function AttendanceCard({ order, busy, problem, onConfirm, onCancel }: AttendanceCardProps) {
  const { attendance, slot } = order
  if (!attendance) return null
  if (attendance.answer === 'confirm') {
    return (
      <Card>
        <View className="attendance__said">
          <Icon name="check" />
          <Text className="attendance__word">您已确认参与，请按时到场</Text>
        </View>
      </Card>
    )
  }
  return (
    <Card title="是否确认参与？">
      <Text className="attendance__text">
        {`${spanText(slot.startsAt, slot.endsAt)} 即将开始。未回复将为您保留预约。`}
      </Text>
      <Problem text={problem} />
      <View className="attendance__buttons">
        <MainButton look="plain" text="不参加了" onTap={onCancel} />
        <MainButton text="确认参与" busy={busy} onTap={onConfirm} />
      </View>
    </Card>
  )
}
