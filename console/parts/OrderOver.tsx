import { Link, useLocation } from 'react-router'
import { paths } from '../paths.ts'

/** A link that opens an order over the page of 缴费 one is on; a reload keeps it there. */
export function OrderOver({ id, number }: { id: string; number: string }) {
  const { pathname, search } = useLocation()
  const base = pathname.split('/').slice(0, 3).join('/')
  return <Link to={paths.orderOver(base, id, search)}>{number}</Link>
}
