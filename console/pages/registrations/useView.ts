import { type OrderState, orderStates } from '@jiyue/contract/order'
import { type PaidState, paidStates } from '@jiyue/contract/registration'
import type { SavedView } from '@jiyue/contract/schema/registrations'
import { useCallback } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import { readDay } from '../../month.ts'
import { idIn, paths, type RegistrationView } from '../../paths.ts'

/** What is shown, read from the URL and written to it: a saved link is a saved view. */
export function useView() {
  const [search] = useSearchParams()
  const navigate = useNavigate()
  const given = (name: string) => search.get(name) ?? undefined
  const view: RegistrationView = {
    service: idIn(search, 'service'),
    from: readDay(search.get('from')) ?? undefined,
    to: readDay(search.get('to')) ?? undefined,
    state: orderStates.find((state): state is OrderState => state === given('state')),
    paid: paidStates.find((paid): paid is PaidState => paid === given('paid')),
    text: given('text'),
    hide: given('hide'),
  }
  const { service, from, to, state, paid, text, hide } = view
  const change = useCallback(
    (part: RegistrationView) =>
      navigate(paths.registrations({ service, from, to, state, paid, text, hide, ...part }), {
        replace: true,
      }),
    [service, from, to, state, paid, text, hide, navigate],
  )
  /** Another view altogether. */
  const open = useCallback(
    (at: RegistrationView) => navigate(paths.registrations(at), { replace: true }),
    [navigate],
  )
  const clear = useCallback(() => navigate(paths.registrations(), { replace: true }), [navigate])
  return { view, change, open, clear }
}

/** As the endpoints want it: nothing empty. */
export function filterOf({ service, hide: _, ...rest }: RegistrationView) {
  const given = Object.entries({ ...rest, serviceId: service }).filter(([, value]) => value)
  return Object.fromEntries(given) as Record<string, string>
}

/** A saved view as the URL says it. */
export function viewOf({ filter, hidden }: Pick<SavedView, 'filter' | 'hidden'>): RegistrationView {
  const { serviceId, ...rest } = filter
  return { ...rest, service: serviceId, hide: hidden.join(',') || undefined }
}
