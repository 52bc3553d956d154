import type { Reply } from '@jiyue/contract/schema/wire'
import { type InfiniteData, useInfiniteQuery } from '@tanstack/react-query'
import { askFor, keyOf, type Refused } from '../../asking.ts'
import type { OrderFilter } from '../../paths.ts'

type Answer = Reply<'listConsoleOrders'>

/** The orders of a filter, page after page by the server's cursor. */
export function useOrders({ state, service, text }: OrderFilter) {
  const query = {
    ...(state && { state }),
    ...(service && { serviceId: service }),
    ...(text && { text }),
  }
  return useInfiniteQuery<Answer, Refused, InfiniteData<Answer>, readonly unknown[], string | null>(
    {
      // Apart from the key of one page (today's list): same endpoint, another shape of data.
      queryKey: [...keyOf('listConsoleOrders', { query }), 'pages'],
      queryFn: ({ pageParam }) =>
        askFor('listConsoleOrders', {
          query: { ...query, ...(pageParam !== null && { after: pageParam }) },
        }),
      initialPageParam: null,
      getNextPageParam: ({ next }) => next,
    },
  )
}
