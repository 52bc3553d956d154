import type { ConsoleProof } from '@jiyue/contract/schema/money'
import { useEffect, useRef, useState } from 'react'
import { Reasoned } from '../../../parts/Reasoned.tsx'
import { useKeys } from '../../../useKeys.ts'
import { useWhyNoRight } from '../../../useWhyNoRight.ts'
import { ApproveForm } from './ApproveForm.tsx'
import { ProofFacts } from './ProofFacts.tsx'
import { ProofPicture } from './ProofPicture.tsx'
import { RejectForm } from './RejectForm.tsx'

interface ReviewProps {
  proof: ConsoleProof
  /** An order lies over it: keys are not for us. */
  covered: boolean
  decided: (proof: ConsoleProof) => void
}

/** One proof: the picture stays in sight while its figures are compared and typed. */
export function Review({ proof, covered, decided }: ReviewProps) {
  const [way, setWay] = useState<'approve' | 'reject' | null>(null)
  const reason = useWhyNoRight('money')
  useKeys({ a: () => setWay('approve'), r: () => setWay('reject') }, reason === null && !covered)
  const act = useRef<HTMLDivElement>(null)
  // The whole form, with its buttons: the picture beside it stays where it is.
  useEffect(() => {
    if (way) act.current?.scrollIntoView({ block: 'end' })
  }, [way])
  const shared = { proof, decided, back: () => setWay(null) }
  return (
    <section className="card card-flush review" aria-label={`${proof.person} 的凭证`}>
      <div className="review-picture">
        <ProofPicture id={proof.pictureId} />
      </div>
      <div className="review-side">
        <ProofFacts proof={proof} />
        <div className="review-act" ref={act}>
          {way === 'approve' && <ApproveForm {...shared} />}
          {way === 'reject' && <RejectForm {...shared} />}
          {way === null && (
            <>
              {reason && <p className="quiet">{reason}</p>}
              <div className="review-buttons">
                <Reasoned reason={reason} danger onClick={() => setWay('reject')}>
                  驳回
                </Reasoned>
                <Reasoned reason={reason} type="primary" onClick={() => setWay('approve')}>
                  通过
                </Reasoned>
              </div>
            </>
          )}
        </div>
      </div>
    </section>
  )
}
