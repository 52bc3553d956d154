import type { FormField } from '@jiyue/contract/fields/kinds'
import { fieldKinds } from '@jiyue/contract/fields/registry'
import { answersOf, conditionKinds, type FormDesign } from '@jiyue/contract/form'
import { Select } from 'antd'

interface ConditionProps {
  field: FormField
  design: FormDesign
  set: (change: Partial<FormField>) => void
}

/** Asked always, or only after one answer to an earlier question. */
export function Condition({ field, design, set }: ConditionProps) {
  const before = design.fields.slice(0, design.fields.indexOf(field))
  const choices = before
    .filter(({ kind }) => conditionKinds.includes(kind))
    .flatMap((other) =>
      answersOf(other).map((equals) => ({
        value: JSON.stringify([other.id, equals]),
        label: `「${other.label}」为「${fieldKinds[other.kind].show(fieldKinds[other.kind].normalise(equals), other)}」时`,
      })),
    )
  const { visibleIf } = field
  return (
    <Select
      id={`${field.id}-condition`}
      value={visibleIf ? JSON.stringify([visibleIf.field, visibleIf.equals]) : ''}
      options={[{ value: '', label: '总是显示' }, ...choices]}
      notFoundContent="前面没有选择题"
      onChange={(chosen: string) => {
        if (!chosen) return set({ visibleIf: undefined })
        const [other, equals] = JSON.parse(chosen) as [string, string | boolean]
        set({ visibleIf: { field: other, equals } })
      }}
    />
  )
}
