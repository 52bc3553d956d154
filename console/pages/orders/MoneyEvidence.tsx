import { price } from '@jiyue/contract/money'
import { methodWords } from '@jiyue/contract/payment'
import { Timeline } from 'antd'
import { Copied } from '../../parts/Copied.tsx'
import { exactText } from '../../stamp.ts'
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
            {exactText(facts[0]!.at)} 至 {exactText(last.at)}，共 {facts.length} 次
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
      {exactText(fact.at)}
      {isNumber(fact.reference) && <Copied text={fact.reference} label="凭据编号" />}
    </small>
  )
}

/** A call that was made is named by the way it was heard; only numbers are worth carrying away. */
const isNumber = (reference: string | null): reference is string => /\d/.test(reference ?? '')

/** Money that counted is green, money that goes back or does not fit is red, the rest is grey. */
function colourOf(verdict: string): 'green' | 'red' | 'gray' {
  if (['confirmed', 'moved', 'succeeded'].includes(verdict)) return 'green'
  return /^(refunding|failed|unknown|amount_differs)/.test(verdict) ? 'red' : 'gray'
}
