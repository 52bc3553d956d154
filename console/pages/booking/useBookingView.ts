import { dayOf } from '@jiyue/contract/time'
import { useCallback } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import { serverNow } from '../../clock.ts'
import { readDay, weekOf } from '../../month.ts'
import { type BookingView, type ColumnKind, columnKinds, idIn, paths } from '../../paths.ts'

/** Which days of which service are on screen and how, read from the URL and written to it. */
export function useBookingView() {
  const [search] = useSearchParams()
  const navigate = useNavigate()
  const view: 'week' | 'day' = search.get('view') === 'day' ? 'day' : 'week'
  const by = kindOf(search.get('by'), view)
  const day = readDay(search.get('day')) ?? dayOf(serverNow())
  const service = idIn(search, 'service')
  const slot = idIn(search, 'slot')
  const [from, to] = view === 'day' ? [day, day] : weekOf(day)
  const change = useCallback(
    (part: BookingView, how: { replace?: boolean } = {}) =>
      navigate(paths.booking({ view, by, day, service, ...part }), how),
    [view, by, day, service, navigate],
  )
  return { view, by, day, from, to, service, slot, change }
}

/** A day has no columns of days; what a URL says otherwise is read as the usual. */
function kindOf(text: string | null, view: 'week' | 'day'): ColumnKind {
  const kind = columnKinds.find((known) => known === text)
  if (view === 'day') return kind && kind !== 'days' ? kind : 'service'
  return kind ?? 'days'
}
