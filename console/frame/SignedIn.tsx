import { Navigate, Outlet, useLocation } from 'react-router'
import { paths } from '../paths.ts'
import { useSession } from '../session.ts'

/**
 * Lets only a signed-in person through. When the session ends under someone's hands, the sign-in
 * page brings them back to where they were; who left by choice starts anew.
 */
export function SignedIn() {
  const { session, ended } = useSession()
  const { pathname, search } = useLocation()
  if (session) return <Outlet />
  const wanted = pathname === '/' ? undefined : pathname + search
  return <Navigate to={paths.signIn(ended === 'left' ? undefined : wanted)} replace />
}
