import type { ConsoleProof } from '@jiyue/contract/schema/money'
import { useEffect, useMemo, useState } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import { queries, useAskPages } from '../../../asking.ts'
import { paths } from '../../../paths.ts'

/** The proofs that wait, oldest first, and which of them is open. */
export function useQueue() {
  const [search] = useSearchParams()
  const navigate = useNavigate()
  const query = useAskPages('listProofs', { state: 'submitted' })
  // Decided here: gone at once, and no reading that began before the decision brings them back.
  const [done, setDone] = useState<ReadonlySet<string>>(new Set())
  const all = useMemo(() => query.data?.pages.flatMap((page) => page.proofs), [query.data])
  const rows = useMemo(() => all?.filter((row) => !done.has(row.id)) ?? [], [all, done])
  const id = search.get('id') ?? undefined
  const at = rows.findIndex((row) => row.id === id)
  const first = rows[0]?.id
  // The open proof is named in the URL: were it just the first of the list, news from elsewhere
  // would put another one under a hand that is about to press Enter.
  useEffect(() => {
    if (!id && first) navigate(paths.proofs({ id: first }), { replace: true })
  }, [id, first, navigate])

  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query
  const nearEnd = at + 2 >= rows.length
  useEffect(() => {
    if (nearEnd && hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [nearEnd, hasNextPage, isFetchingNextPage, fetchNextPage])

  const open = (proof: Pick<ConsoleProof, 'id'> | undefined) =>
    navigate(paths.proofs({ id: proof?.id }), { replace: true })
  const stillListed = (all?.length ?? 0) - rows.length
  return {
    query,
    at,
    waiting: (query.data?.pages[0]?.waiting ?? 0) - stillListed,
    current: rows[at],
    previous: rows[at - 1],
    next: at >= 0 ? rows[at + 1] : undefined,
    /** Somebody else decided the open one, or its money came by itself. */
    gone: id !== undefined && at < 0 && !done.has(id),
    /** Nothing is left to review. */
    empty: rows.length === 0 && !hasNextPage,
    open,
    /** After a decision the next one opens by itself, or the one before, or nothing is left. */
    decided(proof: Pick<ConsoleProof, 'id'>) {
      setDone(new Set([...done, proof.id]))
      open(rows[at + 1] ?? rows[at - 1])
      void queries.invalidateQueries()
    },
  }
}

export type Queue = ReturnType<typeof useQueue>
