import { Input, type InputProps } from 'antd'

/** A code of the authenticator, or a recovery code; browsers offer what they have of it. */
export function CodeInput(props: InputProps) {
  return (
    <Input
      {...props}
      className="code-input"
      autoComplete="one-time-code"
      autoCapitalize="none"
      spellCheck={false}
      maxLength={20}
      placeholder="6 位数字"
    />
  )
}
