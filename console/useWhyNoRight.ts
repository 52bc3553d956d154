import type { Right } from '@jiyue/contract/people'
import { useAsk } from './asking.ts'
import { useSession } from './session.ts'
import { whyNoRight } from './why.ts'

/** Null when the signed-in person has `right`; else the sentence why not. The server decides anew. */
export function useWhyNoRight(right: Right): string | null {
  const atSignIn = useSession(({ session }) => session?.person.role)
  const me = useAsk('getConsoleMe', {})
  return whyNoRight(me.data?.role ?? atSignIn ?? '', right)
}
