import { proposedCondition, proposedDeposit } from '@jiyue/contract/insight'
import { price } from '@jiyue/contract/money'
import type { ServiceSettings } from '@jiyue/contract/schema/settings'
import type { Reply } from '@jiyue/contract/schema/wire'
import { useState } from 'react'
import { useAsk } from '../../asking.ts'
import { translated } from '../../english/text.ts'
import { BeforeAfter } from '../../parts/BeforeAfter.tsx'
import { undone, useUndo } from '../../parts/useUndo.tsx'
import { differencesOf, type Names, offerOf, typedOf } from '../settings/serviceChanges.ts'
import { usePutService } from '../settings/usePutService.ts'

export interface ClickProps {
  effect: Reply<'getInsight'>['services'][number]
  /** The suggestion's sentence; the log keeps it as the reason. */
  reason: string
  close: () => void
}

/** A deposit, or a higher one (M6): before and after, one act, 撤销 for a while. */
export function DepositClick({ effect, ...click }: ClickProps) {
  const { data } = useAsk('listServiceSettings', {})
  // As it was when it was looked at: what the act itself changes is not shown as the next wish.
  const [seen, setSeen] = useState<ServiceSettings | null>(null)
  const now = data?.services.find(({ id }) => id === effect.serviceId)
  if (now && !seen) setSeen(now)
  return seen && <Confirm service={seen} {...click} />
}

function Confirm({
  service,
  reason,
  close,
}: Omit<ClickProps, 'effect'> & { service: ServiceSettings }) {
  const undo = useUndo()
  const put = usePutService()
  const { id, name, priceFen, depositFen, depositCondition, ahead } = service
  const before = offerOf(typedOf(service))
  const after = {
    ...before,
    depositFen: proposedDeposit(priceFen, depositFen),
    depositCondition: depositCondition ?? proposedCondition,
  }
  return (
    <BeforeAfter
      title={`「${name}」${depositFen > 0 ? '提高押金' : '收取押金'}`}
      differences={differencesOf(before, after, noNames)}
      note={
        <>
          {translated(reason)}。发布后用户端立即生效：{ahead.slots} 个可约时段的新报名按新押金；
          {ahead.orders} 个已报名的订单不变。
        </>
      }
      leave="取消"
      busy={put.isPending}
      close={close}
      publish={() =>
        put.mutate(
          { params: { id }, body: { ...after, revision: service.revision, note: reason } },
          {
            onSettled: close,
            onSuccess: ({ revision }) =>
              undo(`「${name}」押金已设为 ${price(after.depositFen)}`, () =>
                put.mutate({ params: { id }, body: { ...before, revision, note: undone } }),
              ),
          },
        )
      }
    />
  )
}

/** Neither staff nor rooms nor branches change here. */
const noNames: Names = { branchIds: [], staffIds: [], roomIds: [] }
