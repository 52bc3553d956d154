import { type OrderState, orderStates } from '@jiyue/contract/order'
import { type PaidState, paidStates } from '@jiyue/contract/registration'
import { useCallback } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import { paths, type RegistrationView } from '../../paths.ts'

/** What is shown, read from the URL and written to it: a saved link is a saved view. */
export function useView() {
  const [search] = useSearchParams()
  const navigate = useNavigate()
  const given = (name: string) => search.get(name) ?? undefined
  const view: RegistrationView = {
    service: given('service'),
    from: dayIn(given('from')),
    to: dayIn(given('to')),
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

const dayIn = (text: string | undefined) =>
  text && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : undefined

/** As the endpoints want it: nothing empty. */
export function filterOf({ service, ...rest }: RegistrationView) {
  const given = Object.entries({ ...rest, serviceId: service }).filter(([, value]) => value)
  return Object.fromEntries(given) as Record<string, string>
}
