import { price } from '@jiyue/contract/money'
import { methodWords } from '@jiyue/contract/payment'
import type { Reply } from '@jiyue/contract/schema/wire'
import { clockText, dateText } from '@jiyue/contract/time'
import { heardWord, saidWord, verdictWord } from '../../words.ts'

type Fact = Reply<'getConsoleOrder'>['facts'][number]

/** What was heard about the order's money, and what it led to: the ground for any dispute. */
export function MoneyEvidence({ facts }: { facts: Fact[] }) {
  if (facts.length === 0) return null
  return (
    <section className="drawer-part">
      <h3>款项凭据</h3>
      <ul className="facts">
        {facts.map((fact) => (
          <li key={`${fact.at} ${fact.heardBy} ${fact.state} ${fact.reference}`}>
            <span className="two">
              {methodWords[fact.method].zh} · {heardWord(fact.heardBy)} · {saidWord(fact.state)}
              <small className="quiet">
                {dateText(fact.at)} {clockText(fact.at)}
                {fact.reference && <code>{fact.reference}</code>}
              </small>
            </span>
            <span className="two two-right">
              {price(fact.amountFen)}
              <small className="quiet">{verdictWord(fact.verdict)}</small>
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
