import {
  CheckCircleOutlined,
  ClockCircleOutlined,
  ExclamationCircleOutlined,
  SwapOutlined,
} from '@ant-design/icons'
import type { RefundState } from '@jiyue/contract/payment'
import type { ReactNode } from 'react'
import { refundWords } from '../words.ts'

const looks: Record<RefundState, { look: string; icon: ReactNode }> = {
  requested: { look: 'wait', icon: <ClockCircleOutlined /> },
  succeeded: { look: 'good', icon: <CheckCircleOutlined /> },
  failed: { look: 'bad', icon: <ExclamationCircleOutlined /> },
  closed: { look: 'over', icon: <SwapOutlined /> },
  otherwise: { look: 'good', icon: <CheckCircleOutlined /> },
}

/** A refund's state, never by colour alone. */
export function RefundTag({ state }: { state: RefundState }) {
  const { look, icon } = looks[state]
  return (
    <span className={`state state-${look}`} data-state={state}>
      {icon} {refundWords[state]}
    </span>
  )
}
