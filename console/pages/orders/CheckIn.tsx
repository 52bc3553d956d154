import type { Reply } from '@jiyue/contract/schema/wire'
import { spanText } from '@jiyue/contract/time'
import { words } from '@jiyue/contract/words'
import { App, Popconfirm } from 'antd'
import { useAct } from '../../acting.ts'
import { queries } from '../../asking.ts'
import { Reasoned } from '../../parts/Reasoned.tsx'

interface CheckInProps {
  order: Reply<'getConsoleOrder'>
  /** Why it is off; null where the order's state allows it. */
  reason: string | null
}

/** 核销: the person came. */
export function CheckIn({ order, reason }: CheckInProps) {
  const { message } = App.useApp()
  const checkIn = useAct('checkIn', {
    done() {
      message.success(`已核销 ${order.person}`)
      void queries.invalidateQueries()
    },
  })
  return (
    <Popconfirm
      title={`确认 ${order.person} 已到店？`}
      description={`${spanText(order.slot.startsAt, order.slot.endsAt)}，核销后不能撤销`}
      okText="确认核销"
      disabled={reason !== null}
      onConfirm={() => checkIn.mutate({ params: { id: order.id } })}
    >
      <Reasoned type="primary" reason={reason} loading={checkIn.isPending}>
        {words.checkIn.zh}
      </Reasoned>
    </Popconfirm>
  )
}
