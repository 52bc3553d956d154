/** Who is signed in to the console. Kept in localStorage, so that every tab is the same person. */
import type { Reply } from '@jiyue/contract/schema/wire'
import { create } from 'zustand'
import { persist } from 'zustand/middleware'

type Session = Reply<'createConsoleSession'>

interface SessionState {
  session: Session | null
  /** Why nobody is signed in: 'expired' brings the person back to the page they were on. */
  ended: 'expired' | 'left' | null
  /** What the server knows this browser by, whoever signs in next. */
  device?: string
}

const storageKey = 'jiyue-console-session'

export const useSession = create<SessionState>()(
  persist((): SessionState => ({ session: null, ended: null }), { name: storageKey }),
)

export const token = (): string | null => useSession.getState().session?.token ?? null

export function begin(session: Session): void {
  useSession.setState({ session, ended: null, device: session.device })
}

/** The server no longer knows the token. */
export function expire(): void {
  if (token() !== null) useSession.setState({ session: null, ended: 'expired' })
}

export function leave(): void {
  useSession.setState({ session: null, ended: 'left' })
}

/** Another tab signed in or out: this one follows. */
export function followOtherTabs(): void {
  window.addEventListener('storage', (event) => {
    if (event.key === storageKey) void useSession.persist.rehydrate()
  })
}
