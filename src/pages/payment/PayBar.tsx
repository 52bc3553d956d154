import { price } from '@jiyue/contract/money'
import { methodWords } from '@jiyue/contract/payment'
import type { Order } from '@jiyue/contract/schema/wire'
import { MainButton } from '../../parts/MainButton.tsx'
import type { PaymentState, PaymentStore } from '../../stores/payment.ts'

interface PayBarProps {
  order: Order
  payment: PaymentStore
  state: PaymentState
}

/** One button that says what it takes and from where. */
export function PayBar({ order, payment, state }: PayBarProps) {
  const { payableFen } = order.quote
  const text =
    payableFen === 0 ? '确认预约' : `${methodWords[state.method].zh} ${price(payableFen)}`
  return (
    <MainButton text={text} busy={state.phase !== 'choosing'} onTap={() => void payment.pay()} />
  )
}
