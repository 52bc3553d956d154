/** The rules of a 报名表 itself (R1): how many fields a service type may ask, and what each needs. */
import { type ServiceKind, serviceKindWords } from './booking.ts'
import { type FieldKind, type FormField, usualMost } from './fields/kinds.ts'
import type { FormProblem } from './fields/registry.ts'

/** Most fields of a published form, conditional ones counted too: a short form is a finished one. */
export const formBudgets: Record<ServiceKind, number> = { personal: 5, enterprise: 6, event: 4 }

/** A form as it is designed; publishing gives it its version. */
export interface FormDesign {
  /** Titles of the steps (R9); none or one for a form of one page. */
  steps: readonly string[]
  fields: readonly FormField[]
}

/** Kinds whose answer is one of options (R5). */
export const optionKinds: readonly FieldKind[] = ['choice', 'choices', 'dropdown']
/** Kinds another field may depend on: their answers are known words, never free text. */
export const conditionKinds: readonly FieldKind[] = [...optionKinds, 'yesNo']
/** Kinds whose `min` and `max` mean something. */
export const boundedKinds: readonly FieldKind[] = [
  'text',
  'longText',
  'number',
  'choices',
  'date',
  'address',
  'file',
]

export const formLimits = {
  labelLength: 20,
  hintLength: 40,
  purposeLength: 30,
  optionLength: 20,
  options: 20,
  steps: 4,
  stepLength: 8,
  /** Ten years: longer is never needed for a booking. */
  retentionDays: 3650,
  files: 9,
} as const

// @chinese a form's words are for those who fill it in
const contact = { required: true, purpose: '服务联系与到场核对', retentionDays: 180 }

/** What a new service asks until its own form is published: whom to look for, and where to call. @chinese */
export function firstForm(kind: ServiceKind): FormDesign {
  const name: FormField = { id: 'name', kind: 'text', label: '联系人', max: 20, ...contact }
  const phone: FormField = { id: 'phone', kind: 'phone', label: '手机号', ...contact }
  const company: FormField = { id: 'company', kind: 'company', label: '企业', ...contact }
  return {
    steps: [],
    fields: kind === 'enterprise' ? [company, name, phone] : [name, phone],
  }
}

/** True when the form asks more than its service type may. */
export function isOverBudget(kind: ServiceKind, design: FormDesign): boolean {
  return design.fields.length > formBudgets[kind]
}

/** 「个人服务的报名表最多 5 项」 */
export function budgetOf(kind: ServiceKind): string {
  return `${serviceKindWords[kind]}的报名表最多 ${formBudgets[kind]} 项`
}

/** 「个人服务的报名表最多 5 项，现有 6 项」 */
export function budgetText(kind: ServiceKind, count: number): string {
  return `${budgetOf(kind)}，现有 ${count} 项`
}

/**
 * Everything that keeps a form from being published, in the order of its fields; `[]` means it may be,
 * if it is within its budget. `path` is `<field id>.<part>`, or `steps.<index>`.
 */
export function checkDesign(design: FormDesign): FormProblem[] {
  return [
    ...checkSteps(design),
    ...design.fields.flatMap((field, at) => checkOne(field, at, design)),
  ]
}

function checkSteps({ steps, fields }: FormDesign): FormProblem[] {
  const problems: FormProblem[] = []
  steps.forEach((title, at) => {
    const say = (code: string, message: string) =>
      problems.push({ path: `steps.${at}`, code, message })
    if (title.trim() === '') say('required', '请填写步骤名称')
    else if (steps.indexOf(title) !== at) say('same', '步骤名称不能重复')
    else if (!fields.some((field) => (field.step ?? 0) === at))
      say('empty', `「${title}」没有填写项，请放入填写项或删除这一步`)
  })
  return problems
}

function checkOne(field: FormField, at: number, { steps, fields }: FormDesign): FormProblem[] {
  const problems: FormProblem[] = []
  const say = (part: string, code: string, message: string) =>
    problems.push({ path: `${field.id}.${part}`, code, message })
  const before = fields.slice(0, at)
  if (field.label.trim() === '') say('label', 'required', '请填写名称')
  else if (before.some(({ label }) => label === field.label)) say('label', 'same', '名称不能重复')
  if (before.some(({ id }) => id === field.id)) say('id', 'same', '填写项编号不能重复')
  if (field.purpose.trim() === '') say('purpose', 'required', '请写明收集这一项的用途')
  if (field.step !== undefined && field.step >= Math.max(1, steps.length))
    say('step', 'invalid', '请选择所在步骤')
  checkOptions(field, say)
  checkBounds(field, say)
  checkCondition(field, before, say)
  return problems
}

type Say = (part: string, code: string, message: string) => void

function checkOptions({ kind, options = [] }: FormField, say: Say): void {
  if (optionKinds.indexOf(kind) < 0) {
    if (options.length > 0) say('options', 'invalid', '这一类填写项没有选项')
    return
  }
  const values = options.map(({ value }) => value)
  const labels = options.map(({ label }) => label)
  if (options.length < 2) say('options', 'too_few', '请至少写两个选项')
  else if (labels.some((label) => label.trim() === '')) say('options', 'required', '选项不能为空')
  else if (hasTwins(values) || hasTwins(labels)) say('options', 'same', '选项不能重复')
}

function checkBounds({ kind, min, max, options = [] }: FormField, say: Say): void {
  const problem = boundsProblem(kind, min, max, options.length)
  if (problem) say('max', 'invalid', problem)
}

function boundsProblem(
  kind: FieldKind,
  min: number | undefined,
  max: number | undefined,
  options: number,
): string | null {
  if (min === undefined && max === undefined) return null
  if (boundedKinds.indexOf(kind) < 0) return '这一类填写项没有上下限'
  if (min !== undefined && max !== undefined && min > max) return '最大值不能小于最小值'
  const isCount = kind !== 'number' && kind !== 'date'
  if (isCount && ((min !== undefined && min < 0) || (max !== undefined && max < 1)))
    return '请填写正数'
  const most = max ?? (usualMost as Partial<Record<FieldKind, number>>)[kind]
  if (min !== undefined && most !== undefined && min > most) return `最小值不能超过 ${most}`
  if (kind === 'choices' && min !== undefined && min > options) return '最少选择数超过了选项数'
  if (kind === 'file' && max !== undefined && max > formLimits.files)
    return `最多 ${formLimits.files} 个文件`
  return null
}

/** A condition looks at an earlier field: whoever fills the form from the top knows its answer. */
function checkCondition({ visibleIf }: FormField, before: readonly FormField[], say: Say): void {
  if (!visibleIf) return
  const other = before.filter(({ id }) => id === visibleIf.field)[0]
  if (!other || conditionKinds.indexOf(other.kind) < 0)
    say('visibleIf', 'invalid', '显示条件只能是排在前面的选择题')
  else if (answersOf(other).indexOf(visibleIf.equals) < 0)
    say('visibleIf', 'invalid', '显示条件的选项已不存在，请重新选择')
}

/** What a condition on this field may wait for. */
export function answersOf({ kind, options = [] }: FormField): (string | number | boolean)[] {
  return kind === 'yesNo' ? [true, false] : options.map(({ value }) => value)
}

function hasTwins(texts: readonly string[]): boolean {
  return texts.some((text, at) => texts.indexOf(text) !== at)
}
