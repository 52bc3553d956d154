import { type FindingSide, findingKinds } from '@jiyue/contract/audit'
import { price } from '@jiyue/contract/money'
import type { Finding } from '@jiyue/contract/schema/audit'
import { spanText } from '@jiyue/contract/time'
import { Copied } from '../../parts/Copied.tsx'
import { OrderOver } from '../../parts/OrderOver.tsx'
import { stampText } from '../../stamp.ts'
import { FindingActions } from './FindingActions.tsx'
import { sideText } from './sideText.ts'

/** One finding: what it is about, both sides beside each other, what to do, and what was done. */
export function FindingRow({ finding }: { finding: Finding }) {
  const { id, kind, resolvedAt, expected, found, firstSeenAt } = finding
  return (
    <li className="difference" data-finding={id}>
      <header>
        <span className={`state state-${resolvedAt ? 'over' : 'bad'}`}>
          {resolvedAt ? '已一致' : '不一致'}
        </span>
        <strong>{findingKinds[kind].zh}</strong>
        <small className="quiet">发现于 {stampText(firstSeenAt)}</small>
        <span className="difference-order">
          <About finding={finding} />
        </span>
      </header>
      <div className="difference-sides">
        <Side title="核算应为" side={expected} />
        <Side title="系统记录" side={found} />
        <div className="difference-advice">
          <div>
            <p>{resolvedAt ? `${stampText(resolvedAt)} 起恢复一致` : findingKinds[kind].action}</p>
            <Note finding={finding} />
          </div>
          <FindingActions finding={finding} />
        </div>
      </div>
    </li>
  )
}

function About({ finding: { slot, order, subject } }: { finding: Finding }) {
  if (order) return <OrderOver id={order.id} number={order.number} />
  if (!slot) return <Copied text={subject} label="编号" />
  const name = [slot.serviceName, slot.staffName].filter(Boolean).join(' · ')
  return (
    <>
      {name} {spanText(slot.startsAt, slot.endsAt)}
      {slot.stopped && <span className="state state-wait audit-stopped">已停售</span>}
    </>
  )
}

function Side({ title, side }: { title: string; side: FindingSide }) {
  return (
    <div className="difference-side">
      <small className="quiet">{title}</small>
      <strong>{sideText(side, price)}</strong>
    </div>
  )
}

function Note({ finding: { acknowledged } }: { finding: Finding }) {
  if (!acknowledged) return null
  const { name, note, at } = acknowledged
  return (
    <small className="quiet">
      {name} · {stampText(at)}：{note}
    </small>
  )
}
