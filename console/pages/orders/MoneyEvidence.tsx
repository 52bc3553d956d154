import { price } from '@jiyue/contract/money'
import { methodWords } from '@jiyue/contract/payment'
import { clockText, dateText } from '@jiyue/contract/time'
import { Timeline } from 'antd'
import { Copied } from '../../parts/Copied.tsx'
import { heardWord, saidWord, verdictWord } from '../../words.ts'
import { type Fact, type Run, runsOf } from './runsOf.ts'

/** What was heard about the order's money, and what it led to: the ground for any dispute (X2). */
export function MoneyEvidence({ facts }: { facts: Fact[] }) {
  if (facts.length === 0) return null
  return (
    <section className="drawer-part" aria-label="款项凭据">
      <h3>款项凭据</h3>
      <Timeline
        items={runsOf(facts).map((run) => ({
          key: `${run.last.at} ${run.last.reference} ${run.facts.length}`,
          color: colourOf(run.last.verdict),
          content: <Line run={run} />,
        }))}
      />
    </section>
  )
}

function Line({ run: { facts, last } }: { run: Run }) {
  return (
    <div className="fact">
      <div className="fact-what">
        <span>
          {methodWords[last.method].zh} · {heardWord(last.heardBy)}：
          <strong>{saidWord(last.state)}</strong>
          {last.amountFen > 0 && ` ${price(last.amountFen)}`}
        </span>
        <span className="quiet">{verdictWord(last.verdict)}</span>
      </div>
      {facts.length === 1 ? (
        <Reference fact={last} />
      ) : (
        <details className="fact-more">
          <summary className="quiet">
            {timeOf(facts[0]!)} 至 {timeOf(last)}，共 {facts.length} 次
          </summary>
          {facts.map((fact) => (
            <Reference key={`${fact.at} ${fact.reference}`} fact={fact} />
          ))}
        </details>
      )}
    </div>
  )
}

function Reference({ fact }: { fact: Fact }) {
  return (
    <small className="quiet fact-reference">
      {timeOf(fact)}
      {fact.reference && <Copied text={fact.reference} label="凭据编号" />}
    </small>
  )
}

const timeOf = ({ at }: Fact) => `${dateText(at)} ${clockText(at)}`

/** Money that counted is green, money that goes back or does not fit is red, the rest is grey. */
function colourOf(verdict: string): 'green' | 'red' | 'gray' {
  if (verdict === 'confirmed' || verdict === 'succeeded') return 'green'
  return /^(refunding|failed|unknown|amount_differs)/.test(verdict) ? 'red' : 'gray'
}
