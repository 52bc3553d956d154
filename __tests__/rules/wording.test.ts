/** What messages say (M11): the house's words pass their own checks, nobody's words say what is not there. */
import { reminderKindNames, reminderKinds, templateFacts } from '@jiyue/contract/reminder'
import {
  checkWords,
  fitting,
  hinted,
  houseWords,
  placeholders,
  placeholdersOf,
  templateProblem,
  textsOf,
  type Values,
  wechatKeys,
  worded,
} from '@jiyue/contract/wording'
import fc from 'fast-check'
import { valuesOf } from '../../server/reminder/text.ts'

const facts = {
  service: '亲子沟通讲座',
  number: '202612010001',
  startsAt: '2026-12-01T06:00:00Z',
  endsAt: '2026-12-01T08:00:00Z',
  place: '徐汇店，漕溪北路 88 号',
  note: '讲师生病',
  amountFen: 6900,
}
const text = (kind: keyof typeof houseWords, more: object = {}) =>
  worded(houseWords[kind].text, valuesOf({ ...facts, ...more }))

test('the house’s words, on an order with a place, at home, without a reason, without a time', () => {
  expect(text('confirmed')).toBe(
    '预约成功：亲子沟通讲座，12月1日 周二 14:00–16:00，订单号 202612010001。请按时到店：徐汇店，漕溪北路 88 号。',
  )
  const { place: _, ...home } = facts
  expect(worded(houseWords.hours_before.text, valuesOf(home))).toBe(
    '即将开始：亲子沟通讲座，12月1日 周二 14:00–16:00，服务人员将准时上门。',
  )
  expect(text('cancelled')).toBe('预约已取消：亲子沟通讲座，12月1日 周二 14:00–16:00，讲师生病。')
  expect(text('cancelled', { note: '' })).toBe(
    '预约已取消：亲子沟通讲座，12月1日 周二 14:00–16:00。',
  )
  expect(
    worded(houseWords.answered.text, valuesOf({ service: '讲座', number: '', note: '可以' })),
  ).toBe('您的申请已有回复：讲座，可以。')
  expect(text('refunded')).toContain('金额 ¥69')
  expect(hinted('cancelled', houseWords.cancelled.hint, valuesOf(facts))).toBe('讲师生病')
  const silent = valuesOf({ service: '', number: '' })
  expect(hinted('cancelled', houseWords.cancelled.hint, silent)).toBe('预约已取消')
})

test('every kind’s own words are allowed, and say the kinds apart', () => {
  for (const kind of reminderKindNames)
    expect([kind, checkWords(kind, houseWords[kind])]).toEqual([kind, []])
  expect(new Set(reminderKindNames.map((kind) => houseWords[kind].text)).size).toBe(
    reminderKindNames.length,
  )
})

test.each([
  ['', 'required'],
  ['   ', 'required'],
  ['尊敬的{姓名}', 'placeholder'],
  ['{服务', 'placeholder'],
  ['服务}', 'placeholder'],
  ['{{服务}}', 'placeholder'],
  ['{服务}退款 {金额}', 'placeholder'],
  ['<b>{服务}</b>', 'html'],
  ['{服务} 😀', 'emoji'],
  ['{服务} 👨‍👩‍👧', 'emoji'],
  ['{服务} 🇨🇳', 'emoji'],
  ['{服务}\n第二行', 'invalid'],
  ['长'.repeat(201), 'too_long'],
])('a text %j is refused: %s, in Chinese', (wrong, code) => {
  const [problem, ...more] = checkWords('unpaid', { ...houseWords.unpaid, text: wrong })
  expect([problem?.path, problem?.code, more]).toEqual(['text', code, []])
  expect(problem?.message).toMatch(/[\u4e00-\u9fff]/)
})

test('the short line holds twenty characters, and the reason where there is one', () => {
  const hint = (kind: 'unpaid' | 'cancelled', hint: string) =>
    checkWords(kind, { ...houseWords[kind], hint }).map(({ path, code }) => `${path} ${code}`)
  expect(hint('unpaid', '字'.repeat(20))).toEqual([])
  expect(hint('unpaid', '字'.repeat(21))).toEqual(['hint too_long'])
  expect(hint('unpaid', '{说明}')).toEqual(['hint placeholder'])
  expect(hint('unpaid', '{服务}')).toEqual(['hint placeholder'])
  expect(hint('cancelled', '取消：{说明}')).toEqual([])
})

test('whatever is allowed is said whole: no brace is left, and values are never read as words', () => {
  const plain = fc.stringMatching(/^[\u4e00-\u9fa5，。]{0,8}$/)
  const value = fc.string({ maxLength: 12 })
  fc.assert(
    fc.property(
      fc.constantFrom(...reminderKindNames),
      fc.array(fc.tuple(plain, fc.nat(20)), { minLength: 1, maxLength: 6 }),
      fc.record(Object.fromEntries(placeholders.map((name) => [name, value]))),
      (kind, parts, said) => {
        const names = placeholdersOf[kind]
        const text = parts.map(([words, at]) => `${words}{${names[at % names.length]}}`).join('')
        expect(checkWords(kind, { ...houseWords[kind], text })).toEqual([])
        // Marks stand apart here: what goes with an empty value is told above.
        const values = said as Values
        const expected = parts
          .map(([words, at]) => {
            const value = values[names[at % names.length] as keyof Values]
            return value === '' && /[，：、；]$/.test(words) ? words.slice(0, -1) : words + value
          })
          .join('')
        expect(worded(text, values)).toBe(expected)
      },
    ),
  )
})

test('text messages are counted as they are charged', () => {
  expect([70, 71, 134, 135].map((n) => textsOf('字'.repeat(n)))).toEqual([1, 2, 2, 3])
})

describe('templates of platforms', () => {
  const id = 'AbCd_efgh-1234567890'
  test('times only in keys for times, amounts only in keys for amounts', () => {
    expect(templateProblem('weapp', { id, keys: { thing1: 'service', time2: 'time' } })).toBeNull()
    expect(templateProblem('alipay', { id, keys: { keyword1: 'time' } })).toBeNull()
    for (const [host, keys] of [
      ['weapp', { thing1: 'time' }],
      ['weapp', { time1: 'service' }],
      ['weapp', { amount1: 'hint' }],
      ['weapp', { keyword1: 'service' }],
      ['weapp', { thing: 'service' }],
      ['weapp', { constructor1: 'service' }],
      ['alipay', { thing1: 'service' }],
      ['weapp', {}],
    ] as const)
      expect([keys, templateProblem(host, { id, keys } as never)?.path]).toEqual([keys, 'keys'])
    for (const wrong of ['', 'short', '有中文的模板编号吗', `${id} `, 'x'.repeat(65)])
      expect(templateProblem('weapp', { id: wrong, keys: { thing1: 'hint' } })?.path).toBe('id')
  })

  test('whatever is sent fits its key', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(wechatKeys)),
        fc.string({ unit: 'grapheme' }),
        (key, value) => {
          expect([...fitting(`${key}1`, value)].length).toBeLessThanOrEqual(
            wechatKeys[key]?.most ?? 0,
          )
        },
      ),
    )
    expect(fitting('thing1', '亲子沟通讲座（寒假加长特别场，含材料与茶歇）')).toBe(
      '亲子沟通讲座（寒假加长特别场，含材料与…',
    )
  })

  test('every fact has a key that may show it', () => {
    const shown = new Set(Object.values(wechatKeys).flatMap(({ facts }) => facts))
    expect([...shown].sort()).toEqual([...templateFacts].sort())
    expect(Object.keys(reminderKinds).length).toBe(reminderKindNames.length)
  })
})
