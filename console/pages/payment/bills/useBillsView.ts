import { type DifferenceState, differenceStates } from '@jiyue/contract/bill'
import { methods } from '@jiyue/contract/payment'
import { addDays, dayOf } from '@jiyue/contract/time'
import { useNavigate, useSearchParams } from 'react-router'
import { serverNow } from '../../../clock.ts'
import { monthOf, readDay, readMonth } from '../../../month.ts'
import { type BillsView, paths } from '../../../paths.ts'

/** Which month and day of bills, and which differences are on screen: read from and written to the URL. */
export function useBillsView() {
  const [search] = useSearchParams()
  const navigate = useNavigate()
  const yesterday = addDays(dayOf(serverNow()), -1)
  const day = readDay(search.get('day')) ?? undefined
  const month = readMonth(search.get('month')) ?? monthOf(day ?? yesterday)
  const method = methods.find((one) => one === search.get('method'))
  const state = stateOf(search.get('state'))
  const change = (part: BillsView) => {
    const to = { month, day, method, ...(state !== 'open' && { state }), ...part }
    navigate(paths.bills({ ...to, state: to.state === 'open' ? undefined : to.state }), {
      replace: true,
    })
  }
  return { month, day, method, state, yesterday, change }
}

export type View = ReturnType<typeof useBillsView>

function stateOf(text: string | null): DifferenceState | 'all' {
  if (text === 'all') return 'all'
  return text !== null && text in differenceStates ? (text as DifferenceState) : 'open'
}
