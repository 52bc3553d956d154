/** Reading: TanStack Query over the contract. A query's key is `[endpoint name, input]`. */
import type { EndpointName } from '@jiyue/contract/api'
import type { No } from '@jiyue/contract/client'
import { refusals } from '@jiyue/contract/refusals'
import type { Input, Reply } from '@jiyue/contract/schema/wire'
import { QueryClient, type UseQueryOptions, useQuery } from '@tanstack/react-query'
import { call } from './api.ts'
import { hearNow } from './clock.ts'

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

/** Asks, or throws `Refused`. Sets the clock by the answer's `now`, where it has one. */
export async function askFor<E extends EndpointName>(name: E, input: Input<E>): Promise<Reply<E>> {
  const result = await call(name, input)
  if (!result.ok) throw new Refused(result)
  if (typeof result.value === 'object' && 'now' in result.value) hearNow(result.value.now)
  return result.value
}

export const keyOf = <E extends EndpointName>(name: E, input: Input<E>) => [name, input] as const

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
