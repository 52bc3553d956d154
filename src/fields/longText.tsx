import { Textarea, View } from '@tarojs/components'
import { type FieldProps, textOf } from './field.ts'
import { Wrong } from './Line.tsx'
import './longText.scss'

/** A text of several lines. */
export function LongTextField({ field, value, error, onType, onFinish }: FieldProps) {
  return (
    <View>
      <Textarea
        className={`long-text ${error() ? 'long-text--wrong' : ''}`}
        value={textOf(value)}
        maxlength={field.max ?? 500}
        placeholder={field.hint ?? `请填写${field.label}`}
        {...{ 'aria-label': field.label }}
        onInput={(event) => onType(event.detail.value)}
        onBlur={onFinish}
      />
      <Wrong text={error()} />
    </View>
  )
}
