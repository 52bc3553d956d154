import type { Reply } from '@jiyue/contract/schema/wire'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { askFor, keyOf, type Refused } from '../../asking.ts'

export type PreviewReply = Reply<'previewDisruption'>

/** Whom these slots touch; asked again while it is on screen, for people go on booking. */
export function usePreview(slotIds: readonly string[]) {
  const input = { body: { slotIds: [...slotIds].sort() } }
  return useQuery<PreviewReply, Refused>({
    queryKey: keyOf('previewDisruption', input),
    queryFn: () => askFor('previewDisruption', input),
    enabled: slotIds.length > 0,
    placeholderData: keepPreviousData,
    refetchInterval: 15_000,
  })
}
