import type { ReactNode } from 'react'

interface TwoProps {
  first: ReactNode
  second?: ReactNode
  /** Numbers stand at the right. */
  right?: boolean
}

/** Two lines: what one looks for, and quietly what belongs to it. */
export function Two({ first, second, right }: TwoProps) {
  return (
    <span className={right ? 'two two-right' : 'two'}>
      <span>{first}</span>
      {second && <small className="quiet">{second}</small>}
    </span>
  )
}
