/** What may be published as a 报名表 (R1): budgets by service type, and what each field needs. */
import type { ServiceKind } from '@jiyue/contract/booking'
import { type FormField, fieldKindNames } from '@jiyue/contract/fields/kinds'
import { visibleFields } from '@jiyue/contract/fields/registry'
import {
  boundedKinds,
  budgetText,
  checkDesign,
  isOverBudget,
  optionKinds,
} from '@jiyue/contract/form'
import fc from 'fast-check'
import { forms } from '../../server/demo/forms.ts'
import { services } from '../../server/demo/world.ts'
import { text, twoOptions } from '../server/forming.ts'

const problemsOf = (fields: FormField[], steps: string[] = []) =>
  checkDesign({ steps, fields }).map(({ path, message }) => `${path} ${message}`)
const many = (count: number) => Array.from({ length: count }, (_, at) => text(`f${at}`))

test.each([
  ['personal', 5],
  ['enterprise', 6],
  ['event', 4],
] as [ServiceKind, number][])('%s: at most %i fields', (kind, most) => {
  expect(isOverBudget(kind, { steps: [], fields: many(most) })).toBe(false)
  expect(isOverBudget(kind, { steps: [], fields: many(most + 1) })).toBe(true)
  expect(budgetText(kind, most + 1)).toContain(`最多 ${most} 项，现有 ${most + 1} 项`)
})

test('the demo forms may be published as they are', () => {
  for (const { service_id, steps, fields } of forms) {
    const kind = services.find(({ id }) => id === service_id)?.kind as ServiceKind
    expect(checkDesign({ steps, fields })).toEqual([])
    expect(isOverBudget(kind, { steps, fields })).toBe(false)
  }
})

test('a field of every kind may be published; choices want options, and nothing else has any', () => {
  for (const kind of fieldKindNames) {
    const isChoice = optionKinds.includes(kind)
    const bare = text('a', { kind })
    const offering = text('a', { kind, options: twoOptions })
    expect([kind, problemsOf([bare]).length === 0]).toEqual([kind, !isChoice])
    expect([kind, problemsOf([offering]).length === 0]).toEqual([kind, isChoice])
    const bounded = { ...(isChoice ? offering : bare), min: 1, max: 2 }
    expect([kind, problemsOf([bounded]).length === 0]).toEqual([kind, boundedKinds.includes(kind)])
  }
})

test.each<[string, FormField[], string[], string]>([
  ['no label', [text('a', { label: ' ' })], [], 'a.label 请填写名称'],
  [
    'the same label',
    [text('a', { label: '甲' }), text('b', { label: '甲' })],
    [],
    'b.label 名称不能重复',
  ],
  ['the same id', [text('a'), text('a', { label: '乙' })], [], 'a.id 填写项编号不能重复'],
  ['no purpose', [text('a', { purpose: '' })], [], 'a.purpose 请写明收集这一项的用途'],
  [
    'a step that is not there',
    [text('a'), text('b', { step: 1 })],
    ['甲'],
    'b.step 请选择所在步骤',
  ],
  [
    'an empty step',
    [text('a')],
    ['甲', '乙'],
    'steps.1 「乙」没有填写项，请放入填写项或删除这一步',
  ],
  ['a step without a name', [text('a')], [''], 'steps.0 请填写步骤名称'],
  [
    'one option',
    [text('a', { kind: 'choice', options: twoOptions.slice(1) })],
    [],
    'a.options 请至少写两个选项',
  ],
  [
    'twin options',
    [
      text('a', {
        kind: 'choice',
        options: [twoOptions[0], twoOptions[0]] as FormField['options'],
      }),
    ],
    [],
    'a.options 选项不能重复',
  ],
  ['min over max', [text('a', { min: 9, max: 3 })], [], 'a.max 最大值不能小于最小值'],
  [
    'a circle',
    [text('a', { visibleIf: { field: 'a', equals: 'x' } })],
    [],
    'a.visibleIf 显示条件只能是排在前面的选择题',
  ],
  [
    'a condition on free text',
    [text('a'), text('b', { visibleIf: { field: 'a', equals: 'x' } })],
    [],
    'b.visibleIf 显示条件只能是排在前面的选择题',
  ],
  [
    'a condition on an option that is gone',
    [
      text('a', { kind: 'choice', options: twoOptions }),
      text('b', { visibleIf: { field: 'a', equals: 'c' } }),
    ],
    [],
    'b.visibleIf 显示条件的选项已不存在，请重新选择',
  ],
])('%s is named beside its field', (_, fields, steps, problem) => {
  expect(problemsOf(fields, steps)).toEqual([problem])
})

test.each([
  ['text', { min: 101 }, '最小值不能超过 100'],
  ['longText', { min: 1001 }, '最小值不能超过 1000'],
  ['file', { min: 10 }, '最小值不能超过 9'],
] as const)('nobody could answer a %s that wants more than it takes', (kind, bounds, problem) => {
  expect(problemsOf([text('a', { kind, ...bounds })])).toEqual([`a.max ${problem}`])
  expect(problemsOf([text('a', { kind, min: bounds.min - 1 })])).toEqual([])
})

test('whatever may be published can be filled in: every field can be seen by some answers', () => {
  const condition = fc.option(fc.tuple(fc.nat(4), fc.constantFrom('a', 'b', 'c')), {
    nil: undefined,
  })
  const field = fc.tuple(fc.constantFrom('text', 'choice', 'choices', 'dropdown'), condition)
  fc.assert(
    fc.property(fc.array(field, { maxLength: 6 }), (drawn) => {
      const fields = drawn.map(([kind, on], at) =>
        text(`f${at}`, {
          kind: kind as FormField['kind'],
          ...(kind !== 'text' && { options: twoOptions }),
          ...(on && { visibleIf: { field: `f${on[0]}`, equals: on[1] } }),
        }),
      )
      if (checkDesign({ steps: [], fields }).length > 0) return
      for (const wanted of fields) {
        const answers: Record<string, unknown> = {}
        for (let one: FormField | undefined = wanted; one?.visibleIf; ) {
          const { field: id, equals }: NonNullable<FormField['visibleIf']> = one.visibleIf
          answers[id] =
            fields.find((other) => other.id === id)?.kind === 'choices' ? [equals] : equals
          one = fields.find((other) => other.id === id)
        }
        expect(visibleFields(fields, answers)).toContainEqual(wanted)
      }
    }),
    { numRuns: 500 },
  )
})
