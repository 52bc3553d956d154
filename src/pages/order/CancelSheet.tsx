import type { Order } from '@jiyue/contract/schema/wire'
import { spanText } from '@jiyue/contract/time'
import { Text } from '@tarojs/components'
import { MainButton } from '../../parts/MainButton.tsx'
import { Price } from '../../parts/Price.tsx'
import { Rows } from '../../parts/Rows.tsx'
import { Sheet } from '../../parts/Sheet.tsx'
import './cancel.scss'
import { cancelSentence } from './ChangeCard.tsx'

interface CancelSheetProps {
  open: boolean
  order: Order
  cancelling: NonNullable<Order['cancelling']>
  busy: boolean
  onCancel: () => void
  onClose: () => void
}

/** Asks once more, with the amounts. */
export function CancelSheet(props: CancelSheetProps) {
  const { order, cancelling, busy } = props
  return (
    <Sheet
      open={props.open}
      title="确定取消预约？"
      onClose={props.onClose}
      foot={
        <>
          <MainButton look="danger" text="确定取消" busy={busy} onTap={props.onCancel} />
          <MainButton text="再想想" onTap={props.onClose} />
        </>
      }
    >
      <Rows
        rows={[
          { label: '服务', value: order.service.name },
          { label: '时段', value: spanText(order.slot.startsAt, order.slot.endsAt) },
          { label: '取消费用', value: <Price fen={cancelling.feeFen} size="small" /> },
          { label: '退回金额', value: <Price fen={cancelling.refundFen} size="small" /> },
        ]}
      />
      <Text className="cancel__text">{cancelSentence(order, cancelling)}</Text>
    </Sheet>
  )
}
