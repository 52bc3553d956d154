/** Changing a form's design: pure, each answers a new one. */
import type { FieldKind, FormField } from '@jiyue/contract/fields/kinds'
import { fieldKinds } from '@jiyue/contract/fields/registry'
import { boundedKinds, type FormDesign, optionKinds } from '@jiyue/contract/form'
import type { FormPage } from '@jiyue/contract/schema/form'
import { newId } from '../../newId.ts'

/** The draft, or what is published where there is none. */
export function designOf({ draft, versions }: FormPage): FormDesign {
  const { steps = [], fields = [] } = draft ?? versions[0] ?? {}
  return { steps, fields: fields as FormField[] }
}

export function isSameDesign(one: FormDesign, two: FormDesign): boolean {
  return JSON.stringify(one) === JSON.stringify(two)
}

// @chinese a form's words are for those who fill it in
const newOptions = '选项一\n选项二'

/** A new field at the end, on the last step. */
export function withNewField(design: FormDesign, kind: FieldKind): FormDesign {
  const field: FormField = {
    // Never used before: an old version's field of another kind must not lend its answers.
    id: `f${newId().replace(/-/g, '').slice(-12)}`,
    kind,
    label: unused(fieldKinds[kind].label, design),
    required: true,
    purpose: '',
    retentionDays: 180,
    ...(design.steps.length > 0 && { step: design.steps.length - 1 }),
    ...(optionKinds.includes(kind) && { options: optionsOf(newOptions) }),
  }
  return { ...design, fields: [...design.fields, field] }
}

export function withField(design: FormDesign, id: string, change: Partial<FormField>): FormDesign {
  return {
    ...design,
    fields: design.fields.map((field) =>
      field.id === id ? clean({ ...field, ...change }) : field,
    ),
  }
}

/** Another kind keeps what both have; options and bounds of the old one would mean nothing. */
export function withKind(design: FormDesign, field: FormField, kind: FieldKind): FormDesign {
  const isOffered = optionKinds.includes(kind)
  return withField(design, field.id, {
    kind,
    min: undefined,
    max: undefined,
    options: isOffered ? (field.options ?? optionsOf(newOptions)) : undefined,
  })
}

export function withoutField(design: FormDesign, id: string): FormDesign {
  return { ...design, fields: design.fields.filter((field) => field.id !== id) }
}

/** One place up (-1) or down (1). */
export function moved(design: FormDesign, id: string, by: -1 | 1): FormDesign {
  const fields = [...design.fields]
  const from = fields.findIndex((field) => field.id === id)
  const [field] = fields.splice(from, 1)
  if (field) fields.splice(from + by, 0, field)
  return { ...design, fields }
}

/** Fields of a step that is taken away go to the one before it. */
export function withoutStep(design: FormDesign, at: number): FormDesign {
  const steps = design.steps.filter((_, index) => index !== at)
  const fields = design.fields.map((field) => {
    const step = field.step ?? 0
    const next = step > at || (step === at && at > 0) ? step - 1 : step
    return clean({ ...field, step: steps.length > 0 ? next : undefined })
  })
  return { steps, fields }
}

/** One option a line. */
export function optionsOf(lines: string): { value: string; label: string }[] {
  return lines.split('\n').map((line) => ({ value: line.trim(), label: line.trim() }))
}

interface Bounds {
  min: string | null
  max: string
  unit: string
}

/** What `min` and `max` of a kind mean; null where it has none. */
export function boundsOf(kind: FieldKind): Bounds | null {
  if (!boundedKinds.includes(kind)) return null
  if (kind === 'number') return { min: '最小值', max: '最大值', unit: '' }
  if (kind === 'choices') return { min: '最少选', max: '最多选', unit: '项' }
  if (kind === 'date') return { min: '最早', max: '最晚', unit: '天后' }
  if (kind === 'file') return { min: null, max: '最多', unit: '张' }
  return { min: kind === 'address' ? null : '最少', max: '最多', unit: '字' }
}

/** Without keys that say nothing: the contract's shapes have no undefined on the wire. */
function clean(field: FormField): FormField {
  return Object.fromEntries(
    Object.entries(field).filter(
      ([key, value]) => value !== undefined && !(key === 'hint' && value === ''),
    ),
  ) as unknown as FormField
}

function unused(label: string, { fields }: FormDesign): string {
  const taken = new Set(fields.map((field) => field.label))
  for (let n = 1; ; n++) {
    const name = n === 1 ? label : `${label} ${n}`
    if (!taken.has(name)) return name
  }
}
