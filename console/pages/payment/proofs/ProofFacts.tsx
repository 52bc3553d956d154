import { CheckCircleOutlined, WarningOutlined } from '@ant-design/icons'
import { price } from '@jiyue/contract/money'
import { methodWords } from '@jiyue/contract/payment'
import { proofFlags } from '@jiyue/contract/proof'
import type { ConsoleProof } from '@jiyue/contract/schema/money'
import type { ReactNode } from 'react'
import { Copied } from '../../../parts/Copied.tsx'
import { OrderOver } from '../../../parts/OrderOver.tsx'
import { stampText } from '../../../stamp.ts'
import { saidWord } from '../../../words.ts'

/** What a reviewer weighs against the picture: what looks wrong first, then the amounts. */
export function ProofFacts({ proof }: { proof: ConsoleProof }) {
  return (
    <>
      <Flags flags={proof.flags} />
      <dl className="proof-amounts">
        <Amount label="用户填写" fen={proof.paidFen} differs={proof.paidFen !== proof.payableFen} />
        <Amount label="应付" fen={proof.payableFen} />
      </dl>
      <dl className="proof-lines">
        <Line label={`${methodWords[proof.method].zh}查询`}>
          {proof.gatewayState && proof.gatewayAt ? (
            <>
              {saidWord(proof.gatewayState)}
              <span className="quiet">　{stampText(proof.gatewayAt)}</span>
            </>
          ) : (
            <span className="quiet">还没有得到答复</span>
          )}
        </Line>
        <Line label="交易单号">
          {proof.transactionId ? (
            <Copied text={proof.transactionId} label="交易单号" />
          ) : (
            <span className="quiet">用户没有填写</span>
          )}
        </Line>
        <Line label="商户单号">
          <Copied text={proof.tradeNo} label="商户单号" />
        </Line>
        <Line label="订单">
          <OrderOver id={proof.orderId} number={proof.orderNumber} />
          <span className="quiet">　{proof.serviceName}</span>
        </Line>
        <Line label="客户">
          {proof.person}
          {proof.phoneMasked && <span className="quiet">　{proof.phoneMasked}</span>}
        </Line>
        <Line label="提交时间">{stampText(proof.at)}</Line>
      </dl>
    </>
  )
}

function Flags({ flags }: { flags: ConsoleProof['flags'] }) {
  if (flags.length === 0)
    return (
      <p className="proof-clean">
        <CheckCircleOutlined /> 自动检查未发现异常
      </p>
    )
  return (
    <ul className="proof-flags" aria-label="自动检查发现的异常">
      {flags.map((flag) => (
        <li key={flag}>
          <WarningOutlined /> {proofFlags[flag]}
        </li>
      ))}
    </ul>
  )
}

function Amount({ label, fen, differs }: { label: string; fen: number; differs?: boolean }) {
  return (
    <div className={differs ? 'proof-amount proof-amount-differs' : 'proof-amount'}>
      <dt>{label}</dt>
      <dd>{price(fen)}</dd>
    </div>
  )
}

function Line({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  )
}
