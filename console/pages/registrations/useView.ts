import { type OrderState, orderStates } from '@jiyue/contract/order'
import { type PaidState, paidStates } from '@jiyue/contract/registration'
import { useCallback } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import { readDay } from '../../month.ts'
import { paths, type RegistrationView } from '../../paths.ts'

/** What is shown, read from the URL and written to it: a saved link is a saved view. */
export function useView() {
  const [search] = useSearchParams()
  const navigate = useNavigate()
  const given = (name: string) => search.get(name) ?? undefined
  const view: RegistrationView = {
    service: given('service'),
    from: readDay(search.get('from')) ?? undefined,
    to: readDay(search.get('to')) ?? undefined,
    state: orderStates.find((state): state is OrderState => state === given('state')),
    paid: paidStates.find((paid): paid is PaidState => paid === given('paid')),
    text: given('text'),
  }
  const { service, from, to, state, paid, text } = view
  const change = useCallback(
    (part: RegistrationView) =>
      navigate(paths.registrations({ service, from, to, state, paid, text, ...part }), {
        replace: true,
      }),
    [service, from, to, state, paid, text, navigate],
  )
  const clear = useCallback(() => navigate(paths.registrations(), { replace: true }), [navigate])
  return { view, change, clear }
}

/** As the endpoints want it: nothing empty. */
export function filterOf({ service, ...rest }: RegistrationView) {
  const given = Object.entries({ ...rest, serviceId: service }).filter(([, value]) => value)
  return Object.fromEntries(given) as Record<string, string>
}
