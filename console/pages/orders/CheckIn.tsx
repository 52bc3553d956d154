import type { Reply } from '@jiyue/contract/schema/wire'
import { spanText } from '@jiyue/contract/time'
import { words } from '@jiyue/contract/words'
import { App, Popconfirm } from 'antd'
import { useAct } from '../../acting.ts'
import { queries } from '../../asking.ts'
import { useNow } from '../../clock.ts'
import { Reasoned } from '../../parts/Reasoned.tsx'

interface CheckInProps {
  order: Reply<'getConsoleOrder'>
  /** Why it is off; null where the order's state allows it. */
  reason: string | null
}

/** 核销: the person came. */
export function CheckIn({ order, reason }: CheckInProps) {
  const { message } = App.useApp()
  // So far ahead somebody stands at the wrong slot's door: said before the tap.
  const isEarly = useNow(60) < Date.parse(order.checkInFrom)
  const checkIn = useAct('checkIn', {
    done() {
      message.success(`已核销 ${order.person}`)
      void queries.invalidateQueries()
    },
  })
  return (
    <Popconfirm
      title={`确认 ${order.person} 已到店？`}
      description={`${isEarly ? '还未到核销时间：该订单的时段是 ' : ''}${spanText(order.slot.startsAt, order.slot.endsAt)}，核销后不能撤销`}
      okText={isEarly ? '提前核销' : '确认核销'}
      disabled={reason !== null}
      onConfirm={() => checkIn.mutate({ params: { id: order.id }, body: { early: isEarly } })}
    >
      <Reasoned type="primary" reason={reason} loading={checkIn.isPending}>
        {words.checkIn.zh}
      </Reasoned>
    </Popconfirm>
  )
}
