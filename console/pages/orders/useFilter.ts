import { type OrderState, orderStates } from '@jiyue/contract/order'
import { useCallback, useRef } from 'react'
import { useNavigate, useParams, useSearchParams } from 'react-router'
import { readDay } from '../../month.ts'
import { idIn, type OrderFilter, paths } from '../../paths.ts'

/** The list's filter, read from the URL and written to it: a link to it is the list itself. */
export function useFilter() {
  const [search] = useSearchParams()
  const { id } = useParams()
  const navigate = useNavigate()
  const filter: OrderFilter = {
    state: stateOf(search.get('state')),
    service: idIn(search, 'service'),
    staff: idIn(search, 'staff'),
    from: readDay(search.get('from')) ?? undefined,
    to: readDay(search.get('to')) ?? undefined,
    text: search.get('text') ?? undefined,
  }
  const latest = useRef(filter)
  latest.current = filter
  const change = useCallback(
    (part: OrderFilter, keep: 'rest' | 'all' = 'rest') => {
      const to = paths.orders(keep === 'all' ? part : { ...latest.current, ...part })
      // Typing is not a journey: Back should leave the page, not undo letters.
      navigate(id ? paths.order(id, new URL(to, location.origin).search) : to, { replace: true })
    },
    [id, navigate],
  )
  return { filter, change }
}

function stateOf(text: string | null): OrderState | undefined {
  return orderStates.find((state) => state === text)
}
