import type { DayInfo } from '@jiyue/contract/booking'
import { type Day, dayOf, instantOf, weekdayText } from '@jiyue/contract/time'
import { serverNow } from '../../clock.ts'
import { translated } from '../../english/text.ts'
import { dayText } from '../../month.ts'

/** 「周二 12月1日」, with what is special about the day. */
export function DayHead({ day, info }: { day: Day; info: DayInfo | undefined }) {
  const today = day === dayOf(serverNow())
  const note = info && noteOf(info)
  return (
    <h3 className={today ? 'board-today' : undefined} {...(today && { 'aria-current': 'date' })}>
      {weekdayText(instantOf(day))}
      <small>
        {dayText(day)}
        {note && <em>{note}</em>}
      </small>
    </h3>
  )
}

/** 「国庆节」, 「调休上班」; nothing to say about an ordinary day. */
function noteOf({ kind, name, open }: DayInfo): string | null {
  if (kind === 'makeup') return '调休上班'
  return name ? translated(name) : open ? null : '休息'
}
