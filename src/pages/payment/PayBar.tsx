import { price } from '@jiyue/contract/money'
import { methodWords } from '@jiyue/contract/payment'
import type { Due } from '../../lib/due.ts'
import { MainButton } from '../../parts/MainButton.tsx'
import type { PaymentState, PaymentStore } from '../../stores/payment.ts'

interface PayBarProps {
  due: Due
  payment: PaymentStore
  state: PaymentState
}

/** One button that says what it takes and from where. */
export function PayBar({ due, payment, state }: PayBarProps) {
  const { amountFen } = due
  const text = amountFen === 0 ? '确认预约' : `${methodWords[state.method].zh} ${price(amountFen)}`
  return (
    <MainButton text={text} busy={state.phase !== 'choosing'} onTap={() => void payment.pay()} />
  )
}
