import fc from 'fast-check'
import { isEmpty } from '../../contract/fields/field.ts'
import { type FieldKind, type FormField, fieldKindNames } from '../../contract/fields/kinds.ts'
import {
  checkField,
  checkForm,
  fieldKinds,
  normaliseForm,
  visibleFields,
} from '../../contract/fields/registry.ts'

/** 2026-11-22 23:30 in China, still 15:30 UTC. */
const now = Date.parse('2026-11-22T15:30:00Z')

function field(kind: FieldKind, more: Partial<FormField> = {}): FormField {
  const base = { id: kind, kind, label: '项目', required: true, purpose: '', retentionDays: 30 }
  return { ...base, ...more }
}

const colours = [
  { value: 'r', label: '红' },
  { value: 'g', label: '绿' },
]

describe('answers are kept in one way, however they were typed', () => {
  test.each<[FieldKind, unknown, unknown]>([
    ['phone', ' 138 0013 8000 ', '13800138000'],
    ['phone', '１３８００１３８０００', '13800138000'],
    ['phone', '\u202d+86 138-0013-8000\u202c', '13800138000'],
    ['phone', '008613800138000', '13800138000'],
    ['phone', 13800138000, '13800138000'],
    ['idCard', '11010519491231002x', '11010519491231002X'],
    ['idCard', '１１０１０５ １９４９１２３１ ００２ｘ', '11010519491231002X'],
    ['email', ' Li.Lei＠Example。COM ', 'Li.Lei@example.com'],
    ['number', '１，２００．５', 1200.5],
    ['number', '', null],
    ['number', 'abc', Number.NaN],
    ['date', '2026年1月5日', '2026-01-05'],
    ['date', '2026/1/5', '2026-01-05'],
    ['date', '20260105', '2026-01-05'],
    ['text', '  张\u200b 三\n', '张 三'],
    ['longText', 'a\r\n\r\n\r\n\r\nb  c ', 'a\n\nb c'],
    ['choices', ['r', 'r', '', 7, null], ['r', '7']],
    ['yesNo', '否', false],
    ['yesNo', 'perhaps', null],
    [
      'company',
      { name: ' 某 公司 ', code: ' 9144030071526726xg' },
      { name: '某 公司', code: '9144030071526726XG' },
    ],
    [
      'address',
      { region: ['广东省', '深圳市', ' '], detail: ' 科技路 1 号' },
      { region: ['广东省', '深圳市'], detail: '科技路 1 号' },
    ],
    [
      'file',
      [
        { id: 'f1', name: 'a.jpg', secret: 1 },
        { id: 'f1', name: 'b' },
      ],
      [{ id: 'f1', name: 'a.jpg' }],
    ],
  ])('%s %j', (kind, raw, kept) => {
    expect(fieldKinds[kind].normalise(raw)).toEqual(kept)
  })

  test.each(fieldKindNames)(
    '%s: any input at all is taken, and taking it twice changes nothing',
    (kind) => {
      const raw = fc.oneof(
        fc.anything(),
        fc.string({ unit: 'binary' }),
        fc.string({ unit: 'grapheme' }),
      )
      fc.assert(
        fc.property(raw, (input) => {
          const once = fieldKinds[kind].normalise(input)
          expect(fieldKinds[kind].normalise(once)).toEqual(once)
          checkField(field(kind, { options: colours }), input, now)
          expect(typeof fieldKinds[kind].show(once, field(kind))).toBe('string')
        }),
        { numRuns: 200 },
      )
    },
  )

  test.each(fieldKindNames)('%s: its empty answer is empty and stays so', (kind) => {
    const { empty, normalise, show } = fieldKinds[kind]
    expect(isEmpty(empty)).toBe(true)
    expect(normalise(undefined)).toEqual(empty)
    expect(normalise(empty)).toEqual(empty)
    expect(show(empty, field(kind))).toBe('')
  })
})

describe('a wrong answer is refused in the promised words', () => {
  test.each<[FieldKind, unknown, string, string, Partial<FormField>?]>([
    ['phone', '12800138000', 'invalid', '请输入 11 位有效手机号'],
    ['phone', '1380013800', 'invalid', '请输入 11 位有效手机号'],
    ['idCard', '110105194912310021', 'invalid', '请输入有效身份证号'],
    ['email', 'li.lei@example', 'invalid', '请输入正确邮箱地址'],
    [
      'company',
      { name: '某公司', code: '91350100M000100Y44' },
      'invalid',
      '请输入有效统一社会信用代码',
    ],
    ['company', { name: '', code: '91350100M000100Y43' }, 'required', '请填写项目名称'],
    ['address', { region: ['北京市'], detail: '' }, 'required', '请填写项目的街道门牌'],
    ['text', '', 'required', '请填写项目'],
    ['text', '   \u200b', 'required', '请填写项目'],
    ['text', 'x'.repeat(101), 'too_long', '项目最多 100 个字'],
    ['text', 'x', 'too_short', '项目至少 2 个字', { min: 2 }],
    ['number', 'abc', 'invalid', '项目请输入数字'],
    ['number', Number.POSITIVE_INFINITY, 'invalid', '项目请输入数字'],
    ['number', 4, 'too_small', '项目不能小于 5', { min: 5 }],
    ['number', '9.5', 'too_big', '项目不能大于 9', { max: 9 }],
    ['choice', '', 'required', '请选择项目'],
    ['choice', 'blue', 'not_an_option', '请选择项目', { options: colours }],
    ['dropdown', 'blue', 'not_an_option', '请选择项目', { options: colours }],
    ['choices', ['r', 'blue'], 'not_an_option', '请选择项目', { options: colours }],
    ['choices', ['r', 'g'], 'too_many', '项目最多选择 1 项', { options: colours, max: 1 }],
    ['choices', ['r'], 'too_few', '项目至少选择 2 项', { options: colours, min: 2 }],
    ['date', '2026-02-30', 'invalid', '请选择有效的项目'],
    ['date', '2026-11-21', 'too_early', '项目不能早于 2026-11-22', { min: 0 }],
    ['date', '2026-11-30', 'too_late', '项目不能晚于 2026-11-29', { max: 7 }],
    ['yesNo', null, 'required', '请选择项目'],
    ['file', [], 'required', '请选择项目'],
    ['file', [{ id: 'a' }, { id: 'b' }], 'too_many', '项目最多选择 1 个文件', { max: 1 }],
  ])('%s %j → %s', (kind, raw, code, message, more = {}) => {
    expect(checkField(field(kind, more), raw, now)).toMatchObject({ code, message })
  })

  test.each<[FieldKind, unknown, Partial<FormField>?]>([
    ['phone', '+86 199 0013 8000'],
    ['email', "o'neil+tag@mail.example.co"],
    ['number', 0],
    ['yesNo', false],
    ['date', '2026-11-22', { min: 0, max: 0 }],
    ['choice', 'r', { options: colours }],
    ['company', { name: '某公司', code: '91350100M000100Y43' }],
    ['address', '科技路 1 号'],
    ['text', '', { required: false }],
    ['idCard', '', { required: false }],
  ])('%s %j passes', (kind, raw, more = {}) => {
    expect(checkField(field(kind, more), raw, now)).toBeNull()
  })

  test.each([
    'a@b',
    'a b@c.cn',
    '.a@b.cn',
    'a..b@c.cn',
    'a@-b.cn',
    'a@b.c',
    'a@b.1n',
    '@b.cn',
    `${'x'.repeat(65)}@b.cn`,
  ])('e-mail %s', (address) => {
    const typed = address.replace(' ', '\t,')
    expect(checkField(field('email'), typed, now)?.message).toBe('请输入正确邮箱地址')
  })
})

describe('a form asks only what applies', () => {
  const fields = [
    field('yesNo', { id: 'child', label: '是否带孩子' }),
    field('number', { id: 'age', label: '孩子年龄', visibleIf: { field: 'child', equals: true } }),
    field('choices', { id: 'needs', label: '特殊需求', required: false, options: colours }),
    field('text', { id: 'red', label: '红色说明', visibleIf: { field: 'needs', equals: 'r' } }),
    field('text', { id: 'school', label: '学校', visibleIf: { field: 'age', equals: 6 } }),
  ]
  const ids = (values: Record<string, unknown>) => visibleFields(fields, values).map((f) => f.id)

  test('hidden fields are neither asked nor kept', () => {
    expect(ids({})).toEqual(['child', 'needs'])
    expect(ids({ child: true, age: '６', needs: ['r'] })).toEqual([
      'child',
      'age',
      'needs',
      'red',
      'school',
    ])
    expect(checkForm(fields, { child: false, age: 'abc' }, now)).toEqual([])
    expect(normaliseForm(fields, { child: false, age: 6, school: 'x', stranger: 1 })).toEqual({
      child: false,
    })
  })

  test('what hangs below a hidden field is hidden too', () => {
    expect(ids({ child: false, age: 6 })).toEqual(['child', 'needs'])
  })

  test('problems come in the order of the form, each with its path', () => {
    expect(checkForm(fields, { child: true, needs: ['r', 'x'] }, now)).toEqual([
      { path: 'age', code: 'required', message: '请填写孩子年龄' },
      { path: 'needs', code: 'not_an_option', message: '请选择特殊需求' },
      { path: 'red', code: 'required', message: '请填写红色说明' },
    ])
    const firm = field('company', { id: 'firm', label: '单位' })
    expect(checkForm([firm], { firm: { name: '某公司', code: '' } }, now)).toEqual([
      { path: 'firm.code', code: 'invalid', message: '请输入有效统一社会信用代码' },
    ])
  })

  test('conditions that run in a circle, or point nowhere, hide the field and do not hang', () => {
    const circle = [
      field('text', { id: 'a', visibleIf: { field: 'b', equals: '' } }),
      field('text', { id: 'b', visibleIf: { field: 'a', equals: '' } }),
      field('text', { id: 'c', visibleIf: { field: 'c', equals: '' } }),
      field('text', { id: 'd', visibleIf: { field: 'gone', equals: '' } }),
    ]
    expect(visibleFields(circle, {})).toEqual([])
  })
})

test('answers are shown as the person saw them', () => {
  const shown = (kind: FieldKind, value: unknown) => {
    const settings = field(kind, { options: colours })
    return fieldKinds[kind].show(fieldKinds[kind].normalise(value), settings)
  }
  expect(shown('choice', 'r')).toBe('红')
  expect(shown('choices', ['g', 'r'])).toBe('绿、红')
  expect(shown('yesNo', true)).toBe('是')
  expect(shown('address', { region: ['广东省', '深圳市'], detail: '科技路 1 号' })).toBe(
    '广东省 深圳市 科技路 1 号',
  )
  expect(shown('file', [{ id: '1', name: 'a.jpg' }])).toBe('a.jpg')
})
