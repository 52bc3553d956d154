import { proposedPromotion } from '@jiyue/contract/insight'
import { percentOf, price } from '@jiyue/contract/money'
import { promotionWorth } from '@jiyue/contract/settings'
import { addDays, type Day, dateText, dayOf, instantOf } from '@jiyue/contract/time'
import { useState } from 'react'
import { useAct } from '../../acting.ts'
import { queries } from '../../asking.ts'
import { serverNow } from '../../clock.ts'
import { translated } from '../../english/text.ts'
import { newId } from '../../newId.ts'
import { BeforeAfter } from '../../parts/BeforeAfter.tsx'
import { undone, useUndo } from '../../parts/useUndo.tsx'
import type { ClickProps } from './DepositClick.tsx'

/** A promotion for seats that stay empty (M6); 撤销 ends it. */
export function PromotionClick({ effect, reason, close }: ClickProps) {
  const undo = useUndo()
  const put = useAct('putPromotion', { done: () => void queries.invalidateQueries() })
  const [id] = useState(newId)
  const { serviceId, name, priceFen } = effect
  const { days, ...offer } = proposedPromotion
  const from = dayOf(serverNow())
  const startsAt = new Date(instantOf(from)).toISOString()
  const endsAt = new Date(instantOf(addDays(from, days))).toISOString()
  const shape = { ...offer, serviceId, startsAt }
  // Clicked by somebody else in this very moment, it is not taken off twice.
  const body = { ...shape, endsAt, revision: null, alone: true, note: reason }
  return (
    <BeforeAfter
      title={`「${name}」设置优惠`}
      differences={[
        {
          label: '优惠活动',
          before: '',
          after: `${offer.label} ${promotionWorth(offer.kind, offer.value)}`,
        },
        {
          label: '价格',
          before: price(priceFen),
          after: price(priceFen - percentOf(priceFen, offer.value)),
        },
        { label: '时间', before: '', after: `${text(from)} 至 ${text(addDays(from, days - 1))}` },
      ]}
      note={`${translated(reason)}。发布后显示在服务卡片上，新报名按优惠价，可与其他优惠同时享受；已报名的订单不变。`}
      leave="取消"
      busy={put.isPending}
      close={close}
      publish={() =>
        put.mutate(
          { params: { id }, body },
          {
            onSettled: close,
            onSuccess: ({ revision }) =>
              undo(`「${name}」优惠已开始`, () =>
                put.mutate({
                  params: { id },
                  // It ends now; at midnight sharp it has lasted a second.
                  body: { ...shape, endsAt: endNow(startsAt), revision, note: undone },
                }),
              ),
          },
        )
      }
    />
  )
}

const text = (day: Day) => dateText(instantOf(day))
const endNow = (startsAt: string) =>
  new Date(Math.max(Date.parse(startsAt) + 1000, serverNow())).toISOString()
