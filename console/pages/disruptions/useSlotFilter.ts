import { addDays, type Day, dayOf } from '@jiyue/contract/time'
import { useCallback } from 'react'
import { useSearchParams } from 'react-router'
import { serverNow } from '../../clock.ts'
import { readDay } from '../../month.ts'
import { idIn } from '../../paths.ts'

export interface SlotFilter {
  service: string | undefined
  staff: string | undefined
  from: Day
  to: Day
}

/** Which slots are listed, read from the URL and written to it. A week from today by default. */
export function useSlotFilter() {
  const [search, setSearch] = useSearchParams()
  const today = dayOf(serverNow())
  const from = readDay(search.get('from')) ?? today
  const to = readDay(search.get('to')) ?? addDays(from, 6)
  const filter: SlotFilter = {
    service: idIn(search, 'service'),
    staff: idIn(search, 'staff'),
    from,
    to: to < from ? from : to,
  }
  const change = useCallback(
    (part: Partial<SlotFilter>) =>
      setSearch(
        (now) => {
          const next = new URLSearchParams(now)
          for (const [key, value] of Object.entries(part)) {
            if (value) next.set(key, value)
            else next.delete(key)
          }
          return next
        },
        { replace: true },
      ),
    [setSearch],
  )
  return { filter, change }
}
