import { handMoves } from '@jiyue/contract/byHand'
import { type OrderState, orderStateWords, stateAt } from '@jiyue/contract/order'
import type { Reply } from '@jiyue/contract/schema/wire'
import type { ReactNode } from 'react'
import { useNow } from '../../clock.ts'
import { useWhyNoRight } from '../../useWhyNoRight.ts'
import { Amend } from './AmendForm.tsx'
import { SetState } from './SetState.tsx'
import { TakeMoney } from './TakeMoney.tsx'

type Order = Reply<'getConsoleOrder'>

/** 手工处理 (M7): what time and money did not settle by themselves. Each asks why, and tells the person. */
export function ByHand({ order }: { order: Order }) {
  const now = useNow(60)
  const state = stateAt(order, now)
  const moves = movesOf(order, now)
  const noState =
    useWhyNoRight('amend') ??
    (moves.some(({ reason }) => reason === null) ? null : '此订单现在没有可以手工改到的状态')
  const noAmend = useWhyNoRight('amend') ?? whyNoAmend(order, state)
  const noMoney = useWhyNoRight('money')
  return (
    <section className="drawer-part" aria-label="手工处理">
      <h3>手工处理</h3>
      <div className="by-hand">
        <Row about="原因与经手人写入操作记录，并发消息告知客户" reason={noState}>
          <SetState order={order} state={state} moves={moves} reason={noState} />
        </Row>
        <Row about="按报名表校验；修改前后的内容都保留，并发消息告知客户" reason={noAmend}>
          <Amend order={order} reason={noAmend} />
        </Row>
        <Row about="现金、转账等线下收到的款项，凭据随订单保存" reason={noMoney}>
          <TakeMoney order={order} state={state} reason={noMoney} />
        </Row>
      </div>
    </section>
  )
}

/** What lapsed, was cancelled or never submitted has nothing to put right. */
function whyNoAmend({ registered, form }: Order, state: OrderState): string | null {
  if (form.fields.length === 0) return '此服务没有报名信息'
  if (!registered) return '客户还没有提交报名'
  const stands = state !== 'expired' && state !== 'cancelled'
  return stands ? null : `订单${orderStateWords[state]}，报名信息不再修改`
}

function Row(props: { about: string; reason: string | null; children: ReactNode }) {
  return (
    <div className="by-hand-row">
      {props.children}
      <small className="quiet">{props.reason ?? props.about}</small>
    </div>
  )
}

function movesOf(order: Order, now: number) {
  const seen = {
    state: stateAt(order, now),
    registered: order.registered,
    payableFen: order.owedFen ?? 0,
    slot: order.slot,
    disrupted: order.disruption !== null,
  }
  return handMoves(seen, order.handRules, now)
}
