import { useCallback } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import { readDay } from '../../month.ts'
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
    from: readDay(search.get('from')) ?? undefined,
    to: readDay(search.get('to')) ?? undefined,
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

/** As the endpoint wants it: nothing empty. */
export function filterOf({ person, ...rest }: LogView) {
  const given = Object.entries({ ...rest, personId: person }).filter(([, value]) => value)
  return Object.fromEntries(given) as Record<string, string>
}
