import type { Coverage } from '@jiyue/contract/area'
import type { FormField } from '@jiyue/contract/fields/kinds'
import { Text, View } from '@tarojs/components'
import { partOfError } from '../lib/errors.ts'
import type { Registration } from '../stores/registration.ts'
import './fieldView.scss'
import { fieldComponents } from './registry.ts'

interface FieldViewProps {
  field: FormField
  value: unknown
  errors: Record<string, string>
  coverage: Coverage | null
  /** What its input does. */
  registration: Pick<Registration, 'type' | 'finish' | 'pick'>
}

/** One question: what is asked, why (X11), the input of its kind, and what is wrong beside it. */
export function FieldView(props: FieldViewProps) {
  const { field, value, errors, registration } = props
  if (field.kind === 'file') return null
  const Component = fieldComponents[field.kind]
  return (
    <View className="field" id={`field-${field.id}`}>
      <View className="field__head">
        <Text className="field__label">{field.label}</Text>
        {field.required ? null : <Text className="field__optional">选填</Text>}
        <Text className="field__purpose">{`用于${field.purpose}`}</Text>
      </View>
      <Component
        field={field}
        value={value}
        coverage={props.coverage}
        error={(part) => partOfError(errors, field.id, part)}
        onType={(raw) => registration.type(field, raw)}
        onFinish={() => registration.finish(field)}
        onPick={(raw) => registration.pick(field, raw)}
      />
    </View>
  )
}
