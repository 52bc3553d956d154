import { type FormField, fieldKindNames } from '@jiyue/contract/fields/kinds'
import { type FormProblem, fieldKinds } from '@jiyue/contract/fields/registry'
import { type FormDesign, formLimits, optionKinds } from '@jiyue/contract/form'
import { Form, Input, InputNumber, Select, Switch } from 'antd'
import { translated } from '../../english/text.ts'
import { Condition } from './Condition.tsx'
import { boundsOf, optionsOf, withField, withKind } from './design.ts'

interface FieldEditorProps {
  field: FormField
  design: FormDesign
  problems: readonly FormProblem[]
  onChange: (design: FormDesign) => void
}

/** Kinds that are sealed whatever the form says (server/registration/answers.ts). */
const alwaysSealed = ['phone', 'idCard']

/** Everything one field says; what is wrong stands under the input that caused it. */
export function FieldEditor({ field, design, problems, onChange }: FieldEditorProps) {
  const { id, kind } = field
  const set = (change: Partial<FormField>) => onChange(withField(design, id, change))
  const wrong = (part: string) => {
    const problem = problems.find(({ path }) => path === `${id}.${part}`)
    return problem ? { validateStatus: 'error' as const, help: problem.message } : {}
  }
  const bounds = boundsOf(kind)
  const sealed = alwaysSealed.includes(kind)
  return (
    <Form layout="vertical" className="form-field-editor" component="div">
      <div className="form-pair">
        <Form.Item label="名称" htmlFor={`${id}-label`} {...wrong('label')}>
          <Input
            id={`${id}-label`}
            value={field.label}
            maxLength={formLimits.labelLength}
            onChange={({ target }) => set({ label: target.value })}
          />
        </Form.Item>
        <Form.Item label="类型" htmlFor={`${id}-kind`}>
          <Select
            id={`${id}-kind`}
            value={kind}
            options={fieldKindNames.map((one) => ({
              value: one,
              label: translated(fieldKinds[one].label),
            }))}
            onChange={(next) => onChange(withKind(design, field, next))}
          />
        </Form.Item>
      </div>
      {optionKinds.includes(kind) && (
        <Form.Item label="选项（每行一个）" htmlFor={`${id}-options`} {...wrong('options')}>
          <Input.TextArea
            id={`${id}-options`}
            autoSize={{ minRows: 2, maxRows: 8 }}
            value={(field.options ?? []).map(({ label }) => label).join('\n')}
            onChange={({ target }) =>
              set({
                options: optionsOf(target.value)
                  .slice(0, formLimits.options)
                  .map(({ label }) => label.slice(0, formLimits.optionLength))
                  .map((label) => ({ value: label, label })),
              })
            }
          />
        </Form.Item>
      )}
      <Form.Item label="提示（选填）" htmlFor={`${id}-hint`}>
        <Input
          id={`${id}-hint`}
          value={field.hint ?? ''}
          maxLength={formLimits.hintLength}
          onChange={({ target }) => set({ hint: target.value })}
        />
      </Form.Item>
      <div className="form-pair">
        <Form.Item label="收集用途（用户可见）" htmlFor={`${id}-purpose`} {...wrong('purpose')}>
          <Input
            id={`${id}-purpose`}
            value={field.purpose}
            maxLength={formLimits.purposeLength}
            placeholder="如：服务前联系"
            onChange={({ target }) => set({ purpose: target.value })}
          />
        </Form.Item>
        <Form.Item label="订单结束后保留" htmlFor={`${id}-days`}>
          <InputNumber
            id={`${id}-days`}
            min={1}
            max={formLimits.retentionDays}
            precision={0}
            suffix="天"
            value={field.retentionDays}
            onChange={(days) => days && set({ retentionDays: days })}
          />
        </Form.Item>
      </div>
      {bounds && (
        <div className="form-pair">
          {bounds.min && (
            <Bound field={field} of="min" label={bounds.min} unit={bounds.unit} set={set} />
          )}
          <Form.Item label={`${bounds.max}（选填）`} htmlFor={`${id}-max`} {...wrong('max')}>
            <BoundInput field={field} of="max" unit={bounds.unit} set={set} />
          </Form.Item>
        </div>
      )}
      <div className="form-switches">
        <Toggle label="必填" on={field.required} set={(required) => set({ required })} />
        <Toggle
          label={sealed ? '加密保存（这一类始终加密）' : '加密保存'}
          on={sealed || field.sensitive === true}
          disabled={sealed}
          set={(on) => set({ sensitive: on || undefined })}
        />
      </div>
      <div className="form-pair">
        {design.steps.length > 0 && (
          <Form.Item label="所在步骤" htmlFor={`${id}-step`} {...wrong('step')}>
            <Select
              id={`${id}-step`}
              value={field.step ?? 0}
              options={design.steps.map((label, value) => ({ value, label }))}
              onChange={(step) => set({ step })}
            />
          </Form.Item>
        )}
        <Form.Item label="显示条件" htmlFor={`${id}-condition`} {...wrong('visibleIf')}>
          <Condition field={field} design={design} set={set} />
        </Form.Item>
      </div>
    </Form>
  )
}

interface BoundProps {
  field: FormField
  of: 'min' | 'max'
  unit: string
  set: (change: Partial<FormField>) => void
}

function Bound({ label, ...bound }: BoundProps & { label: string }) {
  return (
    <Form.Item label={`${label}（选填）`} htmlFor={`${bound.field.id}-${bound.of}`}>
      <BoundInput {...bound} />
    </Form.Item>
  )
}

function BoundInput({ field, of, unit, set }: BoundProps) {
  return (
    <InputNumber
      id={`${field.id}-${of}`}
      precision={0}
      suffix={unit}
      value={field[of] ?? null}
      onChange={(value) => set({ [of]: value ?? undefined })}
    />
  )
}

interface ToggleProps {
  label: string
  on: boolean
  disabled?: boolean
  set: (on: boolean) => void
}

function Toggle({ label, on, disabled, set }: ToggleProps) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: antd's Switch is the control.
    <label className="form-switch">
      <Switch size="small" checked={on} {...(disabled && { disabled })} onChange={set} />
      <span>{label}</span>
    </label>
  )
}
