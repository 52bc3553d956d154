import type { Right } from '@jiyue/contract/people'
import { useAsk } from './asking.ts'
import { useSession } from './session.ts'
import { whyNoRight } from './why.ts'

/** Null when the signed-in person has `right`; else the sentence why not. The server decides anew. */
export function useWhyNoRight(right: Right): string | null {
  const { role, proven } = useOwn()
  return whyNoRight(role, right, proven)
}

/** Role and second step of who is signed in: as the server last said, else as at sign-in. */
export function useOwn(): { role: string; proven: boolean } {
  const atSignIn = useSession(({ session }) => session?.person)
  const me = useAsk('getConsoleMe', {})
  return me.data ?? atSignIn ?? { role: '', proven: false }
}
