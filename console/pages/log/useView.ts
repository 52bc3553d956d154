import { useCallback } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import { type LogView, paths } from '../../paths.ts'

/** What is shown, read from the URL and written to it: a saved link is a saved view. */
export function useView() {
  const [search] = useSearchParams()
  const navigate = useNavigate()
  const given = (name: string) => search.get(name) ?? undefined
  const view: LogView = {
    person: given('person'),
    action: given('action'),
    object: given('object'),
    key: given('key'),
    from: dayIn(given('from')),
    to: dayIn(given('to')),
    text: given('text'),
  }
  const now = JSON.stringify(view)
  const change = useCallback(
    (part: LogView) => navigate(paths.log({ ...JSON.parse(now), ...part }), { replace: true }),
    [now, navigate],
  )
  const clear = useCallback(() => navigate(paths.log(), { replace: true }), [navigate])
  return { view, change, clear }
}

const dayIn = (text: string | undefined) =>
  text && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : undefined

/** As the endpoint wants it: nothing empty. */
export function filterOf({ person, ...rest }: LogView) {
  const given = Object.entries({ ...rest, personId: person }).filter(([, value]) => value)
  return Object.fromEntries(given) as Record<string, string>
}
