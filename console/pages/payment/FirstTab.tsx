import { Navigate } from 'react-router'
import { paths } from '../../paths.ts'
import { useWhyNoRight } from '../../useWhyNoRight.ts'

/** 缴费 opens with the first tab that the person may read. */
export function Component() {
  const noRight = useWhyNoRight('money')
  return <Navigate to={noRight ? paths.refunds() : paths.reconciliation()} replace />
}
