import { stateAt } from '@jiyue/contract/order'
import type { Reply } from '@jiyue/contract/schema/wire'
import { words } from '@jiyue/contract/words'
import { useNow } from '../../clock.ts'
import { useWhyNoRight } from '../../useWhyNoRight.ts'
import { whyNot } from '../../why.ts'
import { CancelOrder } from './CancelOrder.tsx'
import { CheckIn } from './CheckIn.tsx'
import { NudgeOrder, whyNoNudge } from './OrderNudges.tsx'
import { RefundOrder, whyNoRefund } from './RefundOrder.tsx'

/** What can be done with one order; what cannot says why, also where nothing can hover. */
export function OrderActions({ order }: { order: Reply<'getConsoleOrder'> }) {
  const state = stateAt(order, useNow())
  const noRight = useWhyNoRight('money')
  const noDesk = useWhyNoRight('check_in')
  const noCheckIn = whyNot(state, 'complete', words.checkIn.zh) ?? noDesk
  const noNudge = whyNoNudge({ ...order, state })
  const noRefund = whyNoRefund(order, noRight)
  const noCancel = whyNot(state, 'cancel', '取消') ?? noRight
  return (
    <div className="drawer-actions">
      <p className="quiet drawer-reasons">
        {[noCheckIn, noRefund].map((reason) => reason && <span key={reason}>{reason}</span>)}
      </p>
      <NudgeOrder order={order} reason={noNudge} />
      <CancelOrder order={order} reason={noCancel} />
      <RefundOrder order={order} reason={noRefund} />
      <CheckIn order={order} reason={noCheckIn} />
    </div>
  )
}
