/** Reading: TanStack Query over the contract. A query's key is `[endpoint name, input]`. */
import type { EndpointName } from '@jiyue/contract/api'
import type { No } from '@jiyue/contract/client'
import { refusals } from '@jiyue/contract/refusals'
import type { Input, Reply } from '@jiyue/contract/schema/wire'
import {
  type InfiniteData,
  QueryClient,
  type UseQueryOptions,
  useInfiniteQuery,
  useQuery,
} from '@tanstack/react-query'
import { call } from './api.ts'
import { hearNow } from './clock.ts'
import { readingAgain } from './readAgain.ts'

/** TanStack wants a failure thrown; this carries the contract's "no" to where it is shown. */
export class Refused extends Error {
  readonly no: No
  constructor(no: No) {
    super(no.message)
    this.no = no
  }
}

/** Repeating helps only where the contract says so; every request of the console is repeatable. */
export function mayHelpToRepeat(failures: number, error: Error): boolean {
  const again = error instanceof Refused && refusals[error.no.code].reaction === 'retry'
  return again && failures < 2
}

export const queries = new QueryClient({
  defaultOptions: {
    // The live socket says when to read again (following.tsx); this is the safety net.
    queries: {
      staleTime: 30_000,
      retry: mayHelpToRepeat,
      networkMode: 'always',
      // What could not be had is tried on, as its sentence promises.
      refetchInterval: ({ state }) =>
        state.error !== null && mayHelpToRepeat(0, state.error) && 10_000,
    },
    mutations: { retry: mayHelpToRepeat, networkMode: 'always' },
  },
})

/** Tells of news: what of this endpoint is on screen is read again. */
export const readAgainSoon = readingAgain(queries)

/** Asks, or throws `Refused`. Sets the clock by the answer's `now`, where it has one. */
export async function askFor<E extends EndpointName>(name: E, input: Input<E>): Promise<Reply<E>> {
  const result = await call(name, input)
  if (!result.ok) throw new Refused(result)
  if (typeof result.value === 'object' && 'now' in result.value) hearNow(result.value.now)
  return result.value
}

export const keyOf = <E extends EndpointName>(name: E, input: Input<E>) => [name, input] as const

/**
 * Shows what a change answered in what was read before it, of one input or of all. A reading that began
 * before the change may come after it: it is given up, and a new one settles the rest.
 */
export async function showChange<E extends EndpointName>(
  queryKey: readonly [E, Input<E>?],
  changed: (known: Reply<E>) => Reply<E>,
): Promise<void> {
  await queries.cancelQueries({ queryKey })
  queries.setQueriesData<Reply<E>>({ queryKey }, (known) => known && changed(known))
  readAgainSoon(queryKey[0])
}

type Options<E extends EndpointName> = Omit<
  UseQueryOptions<Reply<E>, Refused>,
  'queryKey' | 'queryFn'
>

/** One endpoint as a query. */
export function useAsk<E extends EndpointName>(name: E, input: Input<E>, options?: Options<E>) {
  return useQuery<Reply<E>, Refused>({
    ...options,
    queryKey: keyOf(name, input),
    queryFn: () => askFor(name, input),
  })
}

/** Endpoints that answer page after page: `after` is what the last page said in `next`. */
type Paged = {
  [E in EndpointName]: Reply<E> extends { next: string | null } ? E : never
}[EndpointName]
type Filter<E extends Paged> = Omit<NonNullable<Input<E>['query']>, 'after'>

/** Pages of one endpoint, by the server's cursor. `filter` has no empty parts. */
export function useAskPages<E extends Paged>(name: E, filter: Filter<E>) {
  const page = (after: string | null) =>
    ({ query: { ...filter, ...(after !== null && { after }) } }) as unknown as Input<E>
  return useInfiniteQuery<
    Reply<E>,
    Refused,
    InfiniteData<Reply<E>>,
    readonly unknown[],
    string | null
  >({
    // Apart from the key of one page (today's list): same endpoint, another shape of data.
    queryKey: [...keyOf(name, page(null)), 'pages'],
    queryFn: ({ pageParam }) => askFor(name, page(pageParam)),
    initialPageParam: null,
    getNextPageParam: ({ next }) => next,
  })
}
