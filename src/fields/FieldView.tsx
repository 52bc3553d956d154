import type { Coverage } from '@jiyue/contract/area'
import type { FormField } from '@jiyue/contract/fields/kinds'
import { Text, View } from '@tarojs/components'
import { partOfError } from '../lib/errors.ts'
import type { Registration, RegistrationState } from '../stores/registration.ts'
import './fieldView.scss'
import { fieldComponents } from './registry.ts'
import { TwoAnswers } from './TwoAnswers.tsx'

interface FieldViewProps {
  field: FormField
  state: Pick<RegistrationState, 'values' | 'errors' | 'sending' | 'previews'>
  coverage: Coverage | null
  /** What its input does. */
  registration: Pick<Registration, 'type' | 'finish' | 'pick' | 'addFile'> &
    Partial<Pick<Registration, 'choose'>>
}

/** One question: what is asked, why (X11), the input of its kind, and what is wrong beside it. */
export function FieldView({ field, state, coverage, registration }: FieldViewProps) {
  const Component = fieldComponents[field.kind]
  const answer = state.values[field.id]
  return (
    <View className="field" id={`field-${field.id}`}>
      <View className="field__head">
        <Text className="field__label">{field.label}</Text>
        {field.required ? null : <Text className="field__optional">选填</Text>}
        <Text className="field__purpose">{`用于${field.purpose}`}</Text>
      </View>
      <Component
        field={field}
        value={answer?.value}
        coverage={coverage}
        error={(part) => partOfError(state.errors, field.id, part)}
        onType={(raw) => registration.type(field, raw)}
        onFinish={() => registration.finish(field)}
        onPick={(raw) => registration.pick(field, raw)}
        files={{
          sending: state.sending[field.id] ?? false,
          previews: state.previews,
          onAdd: () => void registration.addFile(field),
        }}
      />
      {answer?.other && registration.choose ? (
        <TwoAnswers
          field={field}
          mine={answer.value}
          other={answer.other.value}
          onChoose={(value) => registration.choose?.(field, value)}
        />
      ) : null}
    </View>
  )
}
