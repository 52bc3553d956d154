import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { type FormField, fieldKindNames } from '@jiyue/contract/fields/kinds'
import { type FormProblem, fieldKinds } from '@jiyue/contract/fields/registry'
import type { FormDesign } from '@jiyue/contract/form'
import { Button, Dropdown, Empty } from 'antd'
import { translated } from '../../english/text.ts'
import { moved, withNewField, withoutField } from './design.ts'
import { FieldEditor } from './FieldEditor.tsx'

interface FieldListProps {
  design: FormDesign
  problems: readonly FormProblem[]
  /** The field that is being changed. */
  open: string | null
  onOpen: (id: string | null) => void
  onChange: (design: FormDesign) => void
}

/** The fields in their order: one line each, the one under the hands unfolded. */
export function FieldList({ design, problems, open, onOpen, onChange }: FieldListProps) {
  const { fields } = design
  const problemsOf = (id: string) => problems.filter(({ path }) => path.startsWith(`${id}.`))
  return (
    <>
      {fields.length === 0 && (
        <Empty description="没有填写项：用户确认时段后直接提交。需要信息时从下面添加" />
      )}
      <ol className="form-fields">
        {fields.map((field, at) => (
          <li key={field.id} className="form-field" data-field={field.label}>
            <div className="form-line">
              <button
                type="button"
                className="form-name"
                aria-expanded={open === field.id}
                onClick={() => onOpen(open === field.id ? null : field.id)}
              >
                <strong>{field.label || '（未命名）'}</strong>
                <span className="quiet">{about(field, design)}</span>
                {problemsOf(field.id).length > 0 && (
                  <span className="form-problem">{problemsOf(field.id)[0]?.message}</span>
                )}
              </button>
              <Button
                type="text"
                aria-label={`${field.label}上移`}
                icon={<ArrowUpOutlined />}
                disabled={at === 0}
                onClick={() => onChange(moved(design, field.id, -1))}
              />
              <Button
                type="text"
                aria-label={`${field.label}下移`}
                icon={<ArrowDownOutlined />}
                disabled={at === fields.length - 1}
                onClick={() => onChange(moved(design, field.id, 1))}
              />
              <Button
                type="text"
                danger
                aria-label={`删除${field.label}`}
                icon={<DeleteOutlined />}
                onClick={() => onChange(withoutField(design, field.id))}
              />
            </div>
            {open === field.id && (
              <FieldEditor
                field={field}
                design={design}
                problems={problemsOf(field.id)}
                onChange={onChange}
              />
            )}
          </li>
        ))}
      </ol>
      <Dropdown
        trigger={['click']}
        classNames={{ root: 'form-kinds' }}
        menu={{
          items: fieldKindNames.map((kind) => ({
            key: kind,
            label: translated(fieldKinds[kind].label),
          })),
          onClick({ key }) {
            const next = withNewField(design, key as FormField['kind'])
            onChange(next)
            onOpen(next.fields.at(-1)?.id ?? null)
          },
        }}
      >
        <Button block type="dashed" icon={<PlusOutlined />}>
          添加填写项
        </Button>
      </Dropdown>
    </>
  )
}

/** 「手机号 · 必填 · 第 1 步」 */
function about(field: FormField, { fields, steps }: FormDesign): string {
  const on = fields.find(({ id }) => id === field.visibleIf?.field)
  return [
    translated(fieldKinds[field.kind].label),
    field.required ? '必填' : '选填',
    steps.length > 1 && steps[field.step ?? 0],
    on && `按「${on.label}」显示`,
    `保留 ${field.retentionDays} 天`,
  ]
    .filter(Boolean)
    .join(' · ')
}
