import {
  CheckCircleOutlined,
  ClockCircleOutlined,
  CloseCircleOutlined,
  LockOutlined,
  StopOutlined,
  WalletOutlined,
} from '@ant-design/icons'
import { type OrderState, orderStateWords, stateAt } from '@jiyue/contract/order'
import { countdownText } from '@jiyue/contract/time'
import type { ReactNode } from 'react'
import { useNow } from '../clock.ts'

const looks: Record<OrderState, { look: 'act' | 'wait' | 'good' | 'over'; icon: ReactNode }> = {
  held: { look: 'wait', icon: <LockOutlined /> },
  registered: { look: 'wait', icon: <WalletOutlined /> },
  confirmed: { look: 'act', icon: <ClockCircleOutlined /> },
  completed: { look: 'good', icon: <CheckCircleOutlined /> },
  missed: { look: 'over', icon: <StopOutlined /> },
  cancelled: { look: 'over', icon: <CloseCircleOutlined /> },
  expired: { look: 'over', icon: <CloseCircleOutlined /> },
}

interface Timed {
  state: OrderState
  heldUntil: string | null
  payUntil?: string | null
}

/** An order's state as time makes it, with the clock that runs on it: 「待缴费 29:12」. */
export function StateTag({ order }: { order: Timed }) {
  const now = useNow()
  const state = stateAt(order, now)
  const { look, icon } = looks[state]
  return (
    <span className={`state state-${look}`} data-state={state}>
      {icon} {orderStateWords[state]}
      {look === 'wait' && <time className="state-clock">{clockOf(order, now)}</time>}
    </span>
  )
}

/** What people at the phone see counting: the payment clock once it runs, else the hold. */
function clockOf({ heldUntil, payUntil }: Timed, now: number): string | null {
  const until = payUntil ?? heldUntil
  return until ? countdownText(Date.parse(until) - now) : null
}
