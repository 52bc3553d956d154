import { price } from '@jiyue/contract/money'
import { methodWords, offlineWays, paymentStateWords, refundReasons } from '@jiyue/contract/payment'
import { proofStates } from '@jiyue/contract/proof'
import type { Reply } from '@jiyue/contract/schema/wire'
import { clockText, spanText } from '@jiyue/contract/time'
import { Image, Skeleton } from 'antd'
import { Link } from 'react-router'
import { useAsk } from '../../asking.ts'
import { Asked } from '../../parts/Asked.tsx'
import { Copied } from '../../parts/Copied.tsx'
import { RefundTag } from '../../parts/RefundTag.tsx'
import { paths } from '../../paths.ts'
import { stampText } from '../../stamp.ts'
import { useWhyNoRight } from '../../useWhyNoRight.ts'
import { PriceLine } from './OrderPrice.tsx'

type Order = Reply<'getConsoleOrder'>

/** Every payment that was tried, every refund, and what of it still waits for somebody. */
export function OrderMoney({ order }: { order: Order }) {
  const { payments, refunds, openMove, proof } = order
  if (payments.length + refunds.length === 0 && !openMove && !proof) return null
  return (
    <section className="drawer-part" aria-label="缴费与退款">
      <h3>缴费与退款</h3>
      <dl className="price-lines">
        {payments.map((payment) => (
          <Paid key={payment.id} payment={payment} />
        ))}
        {refunds.map((refund) => (
          <PriceLine
            key={refund.id}
            label={refundReasons[refund.reason]}
            note={stampText(refund.at)}
            value={
              <span className="money-state">
                <RefundTag state={refund.state} /> -{price(refund.amountFen)}
              </span>
            }
          />
        ))}
        {openMove && (
          <PriceLine
            label="改期待补差价"
            note={`改到 ${spanText(openMove.slot.startsAt, openMove.slot.endsAt)}，${clockText(openMove.expiresAt)} 前有效`}
            value={price(openMove.dueFen)}
          />
        )}
        {proof && <Proof proof={proof} />}
      </dl>
    </section>
  )
}

function Paid({ payment }: { payment: Order['payments'][number] }) {
  const { method, state, amountFen, paidAt, transactionId, refundableFen, offline } = payment
  return (
    <PriceLine
      label={method ? methodWords[method].zh : '无需付款'}
      note={
        <>
          {paidAt && stampText(paidAt)}{' '}
          {transactionId && <Copied text={transactionId} label="交易单号" />}
          {state === 'succeeded' && refundableFen < amountFen && (
            <span>　剩余可退 {price(refundableFen)}</span>
          )}
          {offline && <TakenByHand offline={offline} />}
        </>
      }
      value={
        <span className="money-state">
          <span className={`state state-${looks[state]}`}>{paymentStateWords[state]}</span>
          {price(amountFen)}
        </span>
      }
    />
  )
}

type Offline = NonNullable<Order['payments'][number]['offline']>

/** What stands behind money taken by hand (M7). */
function TakenByHand({ offline }: { offline: Offline }) {
  const { way, evidence, pictureId, receivedBy, reason, byName } = offline
  const said = [
    `${offlineWays[way]}，${receivedBy}收款`,
    evidence,
    `${byName ?? '商家'}登记：${reason}`,
  ]
  const mayLook = useWhyNoRight('money') === null
  return (
    <>
      {said.filter(Boolean).map((line) => (
        <span key={line} className="line">
          {line}
        </span>
      ))}
      {pictureId && mayLook && <EvidencePicture id={pictureId} />}
    </>
  )
}

function EvidencePicture({ id }: { id: string }) {
  const query = useAsk('getPicture', { params: { id } }, { staleTime: Number.POSITIVE_INFINITY })
  return (
    <Asked query={query} waiting={<Skeleton.Node active />}>
      {({ type, base64 }) => (
        <span className="answer-pictures">
          <Image width={72} height={72} src={`data:${type};base64,${base64}`} alt="收款凭据" />
        </span>
      )}
    </Asked>
  )
}

const looks = {
  created: 'over',
  pending: 'wait',
  succeeded: 'good',
  failed: 'over',
  closed: 'over',
} as const

function Proof({ proof }: { proof: NonNullable<Order['proof']> }) {
  const waiting = proof.state === 'submitted'
  const mayReview = useWhyNoRight('money') === null
  return (
    <PriceLine
      label="付款凭证"
      note={[stampText(proof.at), proof.reason].filter(Boolean).join('　')}
      value={
        waiting && mayReview ? (
          <Link to={paths.proofs({ id: proof.id })}>去审核</Link>
        ) : (
          proofStates[proof.state]
        )
      }
    />
  )
}
