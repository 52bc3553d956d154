import { Button, type ButtonProps, Tooltip } from 'antd'

interface ReasonedProps extends Omit<ButtonProps, 'disabled'> {
  /** Why it is off, in a sentence; null when it is on. */
  reason: string | null
}

/** A button that is off with its reason instead of hidden: shown on hover, and read out. */
export function Reasoned({ reason, ...button }: ReasonedProps) {
  return (
    <Tooltip title={reason}>
      <Button
        {...button}
        disabled={reason !== null}
        {...(reason && { 'aria-description': reason })}
      />
    </Tooltip>
  )
}
