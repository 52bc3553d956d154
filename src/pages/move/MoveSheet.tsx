import { price } from '@jiyue/contract/money'
import type { Order, Slot } from '@jiyue/contract/schema/wire'
import { spanText } from '@jiyue/contract/time'
import { Text, View } from '@tarojs/components'
import { MainButton } from '../../parts/MainButton.tsx'
import { Price } from '../../parts/Price.tsx'
import { Problem } from '../../parts/Problem.tsx'
import { type Row, Rows } from '../../parts/Rows.tsx'
import { Sheet } from '../../parts/Sheet.tsx'
import type { MoveQuote, MoveState } from '../../stores/move.ts'
import '../booking/confirmSheet.scss'

interface MoveSheetProps {
  open: boolean
  order: Order
  slot: Slot
  quote: MoveQuote
  state: MoveState
  onConfirm: () => void
  onClose: () => void
}

/** Everything a move does, with its amounts, before the tap that does it (B9). */
export function MoveSheet({ open, order, slot, quote, state, onConfirm, onClose }: MoveSheetProps) {
  const { dueFen } = quote
  return (
    <Sheet
      open={open}
      title="确认改期"
      onClose={onClose}
      foot={
        <MainButton
          text={dueFen > 0 ? `去补差价 ${price(dueFen)}` : '确认改期'}
          busy={state.moving}
          onTap={onConfirm}
        />
      }
    >
      <Rows rows={rowsOf(order, slot, quote)} />
      <View className="confirm__rules">
        <Text className="confirm__rule">{afterwards(quote)}</Text>
        <Text className="confirm__rule">{`改期规则：${quote.rule}`}</Text>
      </View>
      <Problem text={state.problem?.message} />
    </Sheet>
  )
}

function rowsOf(order: Order, slot: Slot, quote: MoveQuote): Row[] {
  const { feeFen, differenceFen, dueFen, refundFen } = quote
  const amount = (label: string, fen: number, strong = false): Row => ({
    label,
    value: <Price fen={fen} size={strong ? 'middle' : 'small'} />,
  })
  const rows: (Row | null)[] = [
    { label: '原时段', value: spanText(order.slot.startsAt, order.slot.endsAt) },
    { label: '新时段', value: spanText(slot.startsAt, slot.endsAt) },
    differenceFen === 0 ? null : amount('差价', differenceFen),
    amount('改期费用', feeFen),
    refundFen > 0 ? amount('退回金额', refundFen, true) : amount('需补金额', dueFen, true),
  ]
  return rows.filter((row): row is Row => row !== null)
}

/** What happens after the tap. */
function afterwards({ dueFen, refundFen }: MoveQuote): string {
  if (dueFen > 0) {
    return '补差价支付成功后立即改期；若时段已被约满，差价将自动全额退回，原预约不变'
  }
  if (refundFen > 0) return '确认后立即改期，差额原路退回'
  return '确认后立即改期'
}
