import { Button, type ButtonProps, Tooltip } from 'antd'
import { forwardRef } from 'react'

interface ReasonedProps extends Omit<ButtonProps, 'disabled'> {
  /** Why it is off, in a sentence; null when it is on. */
  reason: string | null
}

/**
 * A button that is off with its reason instead of hidden: shown on hover, and read out. Hands on its
 * ref and all it is given, so that a Popconfirm finds where to open.
 */
export const Reasoned = forwardRef<HTMLButtonElement, ReasonedProps>(function Reasoned(
  { reason, ...button },
  ref,
) {
  return (
    <Tooltip title={reason}>
      <Button
        {...button}
        ref={ref}
        disabled={reason !== null}
        {...(reason && { 'aria-description': reason })}
      />
    </Tooltip>
  )
})
