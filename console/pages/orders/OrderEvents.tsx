import type { Reply } from '@jiyue/contract/schema/wire'
import { clockText, dateText } from '@jiyue/contract/time'
import { Timeline } from 'antd'
import { translated } from '../../english/text.ts'
import { doerWord, eventWord } from '../../words.ts'

type Event = Reply<'getConsoleOrder'>['events'][number]

/** How the order came to its state, oldest first. */
export function OrderEvents({ events }: { events: Event[] }) {
  return (
    <section className="drawer-part">
      <h3>经过</h3>
      <Timeline
        items={events.map(({ at, what, by, byName, reason }) => ({
          key: `${at} ${what}`,
          content: (
            <span className="two">
              {eventWord(what)}
              <small className="quiet">
                {dateText(at)} {clockText(at)} · {doerWord(by, byName)}
              </small>
              {reason && <small className="quiet">{translated(reason)}</small>}
            </span>
          ),
        }))}
      />
    </section>
  )
}
