/** @chinese it is what a phone shows. */
import type { FieldProblem } from '@jiyue/contract/fields/field'
import type { FormField } from '@jiyue/contract/fields/kinds'
import type { ReactNode } from 'react'

interface PreviewFieldProps {
  field: FormField
  value: unknown
  problem: FieldProblem | null
  onType: (value: unknown) => void
  onLeave: () => void
}

/** One question as the phone draws it (src/fields/FieldView.tsx). */
export function PreviewField(props: PreviewFieldProps) {
  const { field, problem } = props
  return (
    <div className="phone-field">
      <div className="phone-head">
        <strong>{field.label || '（未命名）'}</strong>
        {!field.required && <small className="quiet">选填</small>}
        <small className="quiet phone-purpose">{field.purpose && `用于${field.purpose}`}</small>
      </div>
      {inputs[field.kind](props)}
      {problem && <small className="form-problem">{problem.message}</small>}
    </div>
  )
}

const hintOf = ({ hint, label }: FormField, word = '请填写') => hint ?? `${word}${label}`

/** An input for one text, or for one part of an answer that has several. */
function Line(props: PreviewFieldProps & { type?: string; part?: string; hint?: string }) {
  const { field, value, type = 'text', part, hint = hintOf(field), onType, onLeave } = props
  const whole = (value ?? {}) as Record<string, unknown>
  const shown = part === undefined ? value : whole[part]
  return (
    <input
      className="phone-input"
      aria-label={`预览 ${part ? hint : field.label}`}
      type={type}
      value={String(shown ?? '')}
      placeholder={hint}
      onChange={({ target }) =>
        onType(part === undefined ? target.value : { ...whole, [part]: target.value })
      }
      onBlur={onLeave}
    />
  )
}

function Options({
  field,
  value,
  onType,
  onLeave,
  several,
}: PreviewFieldProps & { several?: true }) {
  const chosen = several ? ((value ?? []) as string[]) : [value]
  return (
    <div className="phone-options">
      {(field.options ?? []).map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={chosen.includes(option.value)}
          onClick={() => {
            const others = (chosen as string[]).filter((one) => one !== option.value)
            const more = chosen.includes(option.value) ? others : [...others, option.value]
            onType(several ? more : option.value)
            onLeave()
          }}
        >
          {option.label}
        </button>
      ))}
    </div>
  )
}

const yesAndNo = [
  { value: '是', label: '是' },
  { value: '否', label: '否' },
]

const inputs: Record<FormField['kind'], (props: PreviewFieldProps) => ReactNode> = {
  text: Line,
  email: Line,
  phone: (props) => <Line {...props} type="tel" />,
  idCard: Line,
  number: Line,
  date: (props) => <Line {...props} type="date" />,
  longText: ({ field, value, onType, onLeave }) => (
    <textarea
      className="phone-input phone-area"
      aria-label={`预览 ${field.label}`}
      value={String(value ?? '')}
      placeholder={hintOf(field)}
      onChange={({ target }) => onType(target.value)}
      onBlur={onLeave}
    />
  ),
  choice: Options,
  choices: (props) => <Options {...props} several />,
  dropdown: ({ field, value, onType, onLeave }) => (
    <select
      className="phone-input"
      aria-label={`预览 ${field.label}`}
      value={String(value ?? '')}
      onChange={({ target }) => onType(target.value)}
      onBlur={onLeave}
    >
      <option value="">{hintOf(field, '请选择')}</option>
      {(field.options ?? []).map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  ),
  yesNo: (props) => <Options {...props} field={{ ...props.field, options: yesAndNo }} />,
  address: (props) => (
    <Line {...props} part="detail" hint={props.field.hint ?? '区、街道、门牌号'} />
  ),
  company: (props) => (
    <>
      <Line {...props} part="name" hint={props.field.hint ?? '单位全称'} />
      <Line {...props} part="code" hint="统一社会信用代码，18 位" />
    </>
  ),
  file: ({ field }) => (
    <div className="phone-file">
      <span>＋ 添加图片</span>
      {field.hint && <small className="quiet">{field.hint}</small>}
    </div>
  ),
}
