import {
  feedbackCauses,
  feedbackKinds,
  feedbackSources,
  feedbackStates,
} from '@jiyue/contract/feedback'
import type { FeedbackFilter } from '@jiyue/contract/schema/feedback'
import { useCallback } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import { type FeedbackView, paths } from '../../paths.ts'

/** What is shown, read from the URL and written to it: a saved link is a saved view. */
export function useView() {
  const [search] = useSearchParams()
  const navigate = useNavigate()
  const one = <T extends string>(name: string, all: readonly T[]) =>
    all.find((value) => value === search.get(name))
  const view: FeedbackView = {
    state: one('state', feedbackStates),
    kind: one('kind', feedbackKinds),
    source: one('source', feedbackSources),
    cause: one('cause', feedbackCauses),
    assignee: search.get('assignee') ?? undefined,
    overdue: one('overdue', ['yes']),
    text: search.get('text') ?? undefined,
  }
  const written = JSON.stringify(view)
  const change = useCallback(
    (part: FeedbackView) =>
      navigate(paths.feedback({ ...(JSON.parse(written) as FeedbackView), ...part }), {
        replace: true,
      }),
    [written, navigate],
  )
  const clear = useCallback(() => navigate(paths.feedback(), { replace: true }), [navigate])
  return { view, change, clear }
}

/** As the endpoint wants it: nothing empty. */
export function filterOf(view: FeedbackView): FeedbackFilter {
  return Object.fromEntries(Object.entries(view).filter(([, value]) => value)) as FeedbackFilter
}
