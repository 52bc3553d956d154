import type { Order } from '@jiyue/contract/schema/wire'
import { spanText } from '@jiyue/contract/time'
import { Text } from '@tarojs/components'
import type { OpenMove } from '../../lib/due.ts'
import { MainButton } from '../../parts/MainButton.tsx'
import { Card } from '../../parts/Page.tsx'
import { Problem } from '../../parts/Problem.tsx'
import { Rows } from '../../parts/Rows.tsx'
import './moveNote.scss'

interface MoveNoteProps {
  order: Order
  move: OpenMove
  busy: boolean
  problem: string | null
  onGiveUp: () => void
}

/** What the difference is paid for, what happens with it, and the way out (B9). */
export function MoveNote({ order, move, busy, problem, onGiveUp }: MoveNoteProps) {
  return (
    <Card
      title="改期"
      aside={<MainButton small look="plain" text="放弃改期" busy={busy} onTap={onGiveUp} />}
    >
      <Rows
        rows={[
          { label: '原时段', value: spanText(order.slot.startsAt, order.slot.endsAt) },
          { label: '新时段', value: spanText(move.slot.startsAt, move.slot.endsAt) },
        ]}
      />
      <Text className="move-note__text">
        补差价支付成功后立即改期；若时段已被约满，差价将自动全额退回，原预约不变
      </Text>
      <Problem text={problem} />
    </Card>
  )
}
