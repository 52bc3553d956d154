import { useCallback } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import { serverNow } from '../../../clock.ts'
import { readDay } from '../../../month.ts'
import { idIn, type Per, paths, type ReconciliationView } from '../../../paths.ts'
import { firstRange, perWords } from './periods.ts'

/** Which days are reconciled and by what: read from the URL and written to it. */
export function useReconciliationView() {
  const [search] = useSearchParams()
  const navigate = useNavigate()
  const per = perOf(search.get('per'))
  const asked = [readDay(search.get('from')), readDay(search.get('to'))]
  const [from, to] =
    asked[0] && asked[1] ? [asked[0], asked[1]].sort() : firstRange(per, serverNow())
  const service = idIn(search, 'service')
  const kept = asked[0] && asked[1] ? { from, to } : {}
  const change = useCallback(
    (part: ReconciliationView) => {
      const rest = { per: per === 'day' ? undefined : per, service, ...kept, ...part }
      navigate(paths.reconciliation({ ...rest, per: rest.per === 'day' ? undefined : rest.per }), {
        replace: true,
      })
    },
    [per, service, kept, navigate],
  )
  return { per, from: from!, to: to!, service, change }
}

export type View = ReturnType<typeof useReconciliationView>

function perOf(text: string | null): Per {
  return text !== null && text in perWords ? (text as Per) : 'day'
}
