import { stateAt } from '@jiyue/contract/order'
import type { Reply } from '@jiyue/contract/schema/wire'
import { spanText } from '@jiyue/contract/time'
import { words } from '@jiyue/contract/words'
import { App, Button, Popconfirm, Tooltip } from 'antd'
import { useAct } from '../../acting.ts'
import { queries } from '../../asking.ts'
import { useNow } from '../../clock.ts'
import { whyNot } from '../../why.ts'

/** 核销: the person came. Off with the reason where the order's state does not allow it. */
export function CheckIn({ order }: { order: Reply<'getConsoleOrder'> }) {
  const { message } = App.useApp()
  const state = stateAt(order, useNow())
  const reason = whyNot(state, 'complete', words.checkIn.zh)
  const checkIn = useAct('checkIn', {
    done() {
      message.success(`已核销 ${order.person}`)
      void queries.invalidateQueries()
    },
  })
  return (
    <div className="drawer-actions">
      <span className="quiet">{reason}</span>
      <Popconfirm
        title={`确认 ${order.person} 已到店？`}
        description={`${spanText(order.slot.startsAt, order.slot.endsAt)}，核销后不能撤销`}
        okText="确认核销"
        disabled={reason !== null}
        onConfirm={() => checkIn.mutate({ params: { id: order.id } })}
      >
        <Tooltip title={reason}>
          <Button type="primary" disabled={reason !== null} loading={checkIn.isPending}>
            {words.checkIn.zh}
          </Button>
        </Tooltip>
      </Popconfirm>
    </div>
  )
}
