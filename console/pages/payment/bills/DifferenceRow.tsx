import { type DifferenceKind, differenceKinds } from '@jiyue/contract/bill'
import { price } from '@jiyue/contract/money'
import { methodWords } from '@jiyue/contract/payment'
import type { Difference } from '@jiyue/contract/schema/money'
import { translated } from '../../../english/text.ts'
import { dayText } from '../../../month.ts'
import { Copied } from '../../../parts/Copied.tsx'
import { OrderOver } from '../../../parts/OrderOver.tsx'
import { stampText } from '../../../stamp.ts'
import { doerWord, stateWord } from '../../../words.ts'
import { Resolve } from './Resolve.tsx'

/** One difference: ours and theirs side by side, what to do about it, and how it ended. */
export function DifferenceRow({ difference }: { difference: Difference }) {
  const { kind, method, day, about, tradeNo, refundNo, order, state } = difference
  return (
    <li className="difference" data-difference={difference.id}>
      <header>
        <span className={`state state-${state === 'open' ? 'wait' : 'over'}`}>
          {differenceKinds[kind].zh}
        </span>
        <strong>
          {dayText(day)} {methodWords[method].zh}
          {about === 'refund' ? '退款' : '收款'}
        </strong>
        <Copied text={refundNo ?? tradeNo} label={refundNo ? '退款单号' : '商户单号'} />
        <span className="difference-order">
          {order ? (
            <OrderOver id={order.id} number={order.number} />
          ) : (
            <span className="quiet">没有对应的订单</span>
          )}
        </span>
      </header>
      <div className="difference-sides">
        <Side
          title="系统"
          fen={difference.oursFen}
          state={difference.oursState && stateWord(about, difference.oursState)}
        />
        <Side
          title={`${methodWords[method].zh}账单`}
          fen={difference.theirsFen}
          state={difference.theirsState && stateWord(about, difference.theirsState)}
        />
        <Advice difference={difference} kind={kind} />
      </div>
    </li>
  )
}

interface SideProps {
  title: string
  fen: number | null
  state: string | null
}

function Side({ title, fen, state }: SideProps) {
  return (
    <div className="difference-side">
      <small className="quiet">{title}</small>
      <strong>{fen === null ? '没有记录' : price(fen)}</strong>
      <small className="quiet">{state ?? '—'}</small>
    </div>
  )
}

function Advice({ difference, kind }: { difference: Difference; kind: DifferenceKind }) {
  const { state, resolution, by, byName, resolvedAt } = difference
  if (state === 'open')
    return (
      <div className="difference-advice">
        <p>{differenceKinds[kind].action}</p>
        <Resolve difference={difference} />
      </div>
    )
  return (
    <div className="difference-advice">
      <p>
        {resolution && translated(resolution)}
        <br />
        <small className="quiet">
          {by && doerWord(by, byName)}
          {resolvedAt && ` · ${stampText(resolvedAt)}`}
        </small>
      </p>
    </div>
  )
}
