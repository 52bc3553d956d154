import type { SlotWait } from '@jiyue/contract/schema/waits'
import { countdownText } from '@jiyue/contract/time'
import { waitWords } from '@jiyue/contract/wait'
import { useAsk } from '../../asking.ts'
import { useNow } from '../../clock.ts'
import { Asked } from '../../parts/Asked.tsx'
import { stampText } from '../../stamp.ts'

/** Who waits for a slot 候补, in the order in which freed seats are offered (B11). */
export function SlotWaits({ slotId }: { slotId: string }) {
  const waits = useAsk('listSlotWaits', { params: { id: slotId } })
  return (
    <section className="slot-waits" aria-label="候补名单">
      <h4>候补名单</h4>
      <Asked query={waits} waiting={<p className="quiet">正在读取…</p>}>
        {({ waits: all }) => <Line waits={all.filter(isShown)} />}
      </Asked>
    </section>
  )
}

/** Those who wait, and the seats kept for those who were offered some. */
const isShown = ({ state }: SlotWait) => state === 'waiting' || state === 'offered'

function Line({ waits }: { waits: readonly SlotWait[] }) {
  const now = useNow()
  if (waits.length === 0) return <p className="quiet">没有人候补</p>
  return (
    <ol>
      {waits.map(({ id, state, person, phoneMasked, party, joinedAt, heldUntil }) => (
        <li key={id}>
          <span>
            {person}
            {phoneMasked && <span className="quiet"> {phoneMasked}</span>}
          </span>
          <span className="quiet">
            {party} 人 · {stampText(joinedAt)} 加入
          </span>
          {state === 'offered' && heldUntil && (
            <strong>
              {waitWords.offered} {countdownText(Date.parse(heldUntil) - now)}
            </strong>
          )}
        </li>
      ))}
    </ol>
  )
}
