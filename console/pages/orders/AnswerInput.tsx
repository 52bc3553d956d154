import type { FormField } from '@jiyue/contract/fields/kinds'
import { Checkbox, Input, Radio, Select, Space } from 'antd'
import type { ReactNode } from 'react'

interface AnswerInputProps {
  id: string
  field: FormField
  value: unknown
  /** What may be shown of a sealed answer; null where nothing is sealed. */
  masked: string | null
  onType: (value: unknown) => void
  onLeave: () => void
}

/** An input for one answer, by the kind of its field; a sealed one is kept, or typed anew. */
export function AnswerInput(props: AnswerInputProps) {
  return inputs[props.field.kind](props)
}

function hintOf(field: FormField, masked: string | null): string {
  return masked ? `${masked}（留空则不修改）` : (field.hint ?? '')
}

function Line({ id, value, masked, onType, onLeave, field }: AnswerInputProps) {
  return (
    <Input
      id={id}
      value={String(value ?? '')}
      placeholder={hintOf(field, masked)}
      autoComplete="off"
      onChange={({ target }) => onType(target.value)}
      onBlur={onLeave}
    />
  )
}

function Area({ id, value, masked, onType, onLeave, field }: AnswerInputProps) {
  return (
    <Input.TextArea
      id={id}
      value={String(value ?? '')}
      placeholder={hintOf(field, masked)}
      autoSize={{ minRows: 2 }}
      onChange={({ target }) => onType(target.value)}
      onBlur={onLeave}
    />
  )
}

function Day({ id, value, onType, onLeave }: AnswerInputProps) {
  return (
    <Input
      id={id}
      type="date"
      value={String(value ?? '')}
      onChange={({ target }) => onType(target.value)}
      onBlur={onLeave}
    />
  )
}

function One({ field, value, onType }: AnswerInputProps) {
  return (
    <Radio.Group
      aria-label={field.label}
      value={value}
      options={field.options ?? []}
      onChange={({ target }) => onType(target.value)}
    />
  )
}

/** An answer of several inputs: one of them, by its name. */
function Part(props: AnswerInputProps & { part: string; hint: string }) {
  const { id, value, part, hint, onType, onLeave } = props
  const whole = (value ?? {}) as Record<string, unknown>
  return (
    <Input
      id={id}
      aria-label={hint}
      value={String(whole[part] ?? '')}
      placeholder={hint}
      onChange={({ target }) => onType({ ...whole, [part]: target.value })}
      onBlur={onLeave}
    />
  )
}

const yesAndNo = [
  { value: true, label: '是' },
  { value: false, label: '否' },
]

const inputs: Record<FormField['kind'], (props: AnswerInputProps) => ReactNode> = {
  text: Line,
  email: Line,
  phone: Line,
  idCard: Line,
  number: Line,
  longText: Area,
  date: Day,
  choice: One,
  choices: ({ field, value, onType }) => (
    <Checkbox.Group
      aria-label={field.label}
      value={(value ?? []) as string[]}
      options={field.options ?? []}
      onChange={onType}
    />
  ),
  dropdown: ({ id, field, value, onType, onLeave }) => (
    <Select
      id={id}
      allowClear={!field.required}
      value={value as string | undefined}
      options={field.options ?? []}
      onChange={(chosen) => onType(chosen ?? '')}
      onBlur={onLeave}
    />
  ),
  yesNo: ({ field, value, onType }) => (
    <Radio.Group
      aria-label={field.label}
      value={value}
      options={yesAndNo}
      onChange={({ target }) => onType(target.value)}
    />
  ),
  address: (props) => <Part {...props} part="detail" hint="门牌号" />,
  company: (props) => (
    <Space.Compact block>
      <Part {...props} part="name" hint="单位全称" />
      <Part {...props} id={`${props.id}-code`} part="code" hint="统一社会信用代码" />
    </Space.Compact>
  ),
  file: ({ value }) => <span className="quiet">{((value ?? []) as unknown[]).length} 张图片</span>,
}
