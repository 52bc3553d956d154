import { Input, type InputProps, Text, View } from '@tarojs/components'
import './line.scss'

interface LineProps {
  label: string
  value: string
  placeholder: string
  error?: string | undefined
  type?: InputProps['type']
  maxlength?: number
  /** Browsers fill in what they know. */
  autoComplete?: string
  onType: (text: string) => void
  onFinish?: () => void
  /** The keyboard's own button. */
  onConfirm?: () => void
}

/** One line to type in, with its sentence under it. */
export function Line(props: LineProps) {
  const { label, value, placeholder, error, type = 'text', maxlength = 200 } = props
  return (
    <View>
      <View className={`line ${error ? 'line--wrong' : ''}`}>
        <Input
          className="line__input"
          type={type}
          maxlength={maxlength}
          value={value}
          placeholder={placeholder}
          {...{
            'aria-label': label,
            'aria-invalid': error ? true : undefined,
            autoComplete: props.autoComplete,
          }}
          onInput={(event) => props.onType(event.detail.value)}
          onBlur={props.onFinish}
          onConfirm={props.onConfirm}
        />
      </View>
      <Wrong text={error} />
    </View>
  )
}

/** The sentence beside what has to be corrected. */
export function Wrong({ text }: { text: string | undefined }) {
  if (!text) return null
  return (
    <Text className="line__error" {...{ role: 'alert' }}>
      {text}
    </Text>
  )
}
