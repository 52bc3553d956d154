import type { Finding } from '@jiyue/contract/schema/audit'
import { App, Popconfirm } from 'antd'
import { useAct } from '../../acting.ts'
import { queries } from '../../asking.ts'
import { Reasoned } from '../../parts/Reasoned.tsx'
import { useWhyNoRight } from '../../useWhyNoRight.ts'
import { Acknowledge } from './Acknowledge.tsx'

/** What can be done: take note, put the counter right, sell again. */
export function FindingActions({ finding }: { finding: Finding }) {
  const { kind, slot, resolvedAt } = finding
  return (
    <div className="audit-actions">
      {!resolvedAt && <Acknowledge finding={finding} />}
      {!resolvedAt && kind === 'seats' && <Recount finding={finding} />}
      {slot?.stopped && <Reopen slotId={slot.id} resolved={resolvedAt !== null} />}
    </div>
  )
}

function Recount({ finding }: { finding: Finding }) {
  const { message } = App.useApp()
  const reason = useWhyNoRight('audit')
  const recount = useAct('putRecount', {
    done() {
      message.success('已按订单重算，核对一致')
      void queries.invalidateQueries()
    },
  })
  const { seats } = finding.expected
  return (
    <Popconfirm
      title={`把已约名额改为 ${seats}？`}
      description="按该时段的订单重新计算，记入操作历史；时段仍停售，恢复售卖另行操作"
      okText="重算"
      disabled={reason !== null}
      onConfirm={() => recount.mutate({ params: { id: finding.id } })}
    >
      <Reasoned reason={reason} type="primary" loading={recount.isPending}>
        按订单重算
      </Reasoned>
    </Popconfirm>
  )
}

function Reopen({ slotId, resolved }: { slotId: string; resolved: boolean }) {
  const { message } = App.useApp()
  const noRight = useWhyNoRight('audit')
  const reopen = useAct('deleteStop', {
    done() {
      message.success('时段已恢复售卖')
      void queries.invalidateQueries()
    },
  })
  return (
    <Reasoned
      reason={noRight ?? (resolved ? null : '名额一致后才能恢复售卖')}
      loading={reopen.isPending}
      onClick={() => reopen.mutate({ params: { id: slotId } })}
    >
      恢复售卖
    </Reasoned>
  )
}
