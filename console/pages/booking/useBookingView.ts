import { dayOf } from '@jiyue/contract/time'
import { useCallback } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import { serverNow } from '../../clock.ts'
import { readDay, weekOf } from '../../month.ts'
import { type BookingView, paths } from '../../paths.ts'

/** Which days of which service are on screen, read from the URL and written to it. */
export function useBookingView() {
  const [search] = useSearchParams()
  const navigate = useNavigate()
  const view: 'week' | 'day' = search.get('view') === 'day' ? 'day' : 'week'
  const day = readDay(search.get('day')) ?? dayOf(serverNow())
  const service = search.get('service') ?? undefined
  const [from, to] = view === 'day' ? [day, day] : weekOf(day)
  const change = useCallback(
    (part: BookingView) => navigate(paths.booking({ view, day, service, ...part })),
    [view, day, service, navigate],
  )
  return { view, day, from, to, service, change }
}
