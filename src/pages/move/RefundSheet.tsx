import type { Order } from '@jiyue/contract/schema/wire'
import { spanText } from '@jiyue/contract/time'
import { MainButton } from '../../parts/MainButton.tsx'
import { Price } from '../../parts/Price.tsx'
import { Problem } from '../../parts/Problem.tsx'
import { Rows } from '../../parts/Rows.tsx'
import { Sheet } from '../../parts/Sheet.tsx'

interface RefundSheetProps {
  open: boolean
  order: Order
  busy: boolean
  problem: string | null
  onConfirm: () => void
  onClose: () => void
}

/** Asks once more before the booking goes, with what comes back. */
export function RefundSheet(props: RefundSheetProps) {
  const { order, problem } = props
  return (
    <Sheet
      open={props.open}
      title="确定取消并退款？"
      onClose={props.onClose}
      foot={
        <>
          <MainButton look="danger" text="确定退款" busy={props.busy} onTap={props.onConfirm} />
          <MainButton text="再想想" onTap={props.onClose} />
        </>
      }
    >
      <Rows
        rows={[
          { label: '服务', value: order.service.name },
          { label: '时段', value: spanText(order.slot.startsAt, order.slot.endsAt) },
          { label: '退回金额', value: <Price fen={order.cancelling?.refundFen ?? 0} /> },
        ]}
      />
      <Problem text={problem} />
    </Sheet>
  )
}
