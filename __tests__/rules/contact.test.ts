/** What of 常用信息 fits which question of a form, and what a filled form tells (R2). */
import { answersFrom, contactsIn } from '@jiyue/contract/contact'
import type { FormField } from '@jiyue/contract/fields/kinds'
import { forms } from '../../server/demo/forms.ts'
import { cleaning, lecture, venue } from '../../server/demo/world.ts'
import { text } from '../server/forming.ts'

const now = Date.parse('2026-11-22T02:00:00Z')
const mei = {
  kind: 'person' as const,
  values: { name: '林小满', phone: '13800138000', idCard: '11010119900307001X' },
}
const home = {
  kind: 'address' as const,
  values: { address: { region: ['上海市', '上海市', '徐汇区'], detail: '漕溪北路 88 号' } },
}
const fieldsOf = (id: string) =>
  forms.find(({ service_id }) => service_id === id)?.fields as FormField[]

test.each([
  ['cleaning', cleaning, ['name', 'phone']],
  ['lecture', lecture, ['name', 'phone', 'idCard']],
  ['venue', venue, ['name', 'phone']],
])('a saved person answers what the %s asks of them', (_, id, asked) => {
  expect(Object.keys(answersFrom(mei, fieldsOf(id))).sort()).toEqual([...asked].sort())
})

test('an address answers only where one is asked, and a name no other text', () => {
  expect(answersFrom(home, fieldsOf(cleaning))).toEqual(home.values)
  expect(answersFrom(home, fieldsOf(lecture))).toEqual({})
  expect(answersFrom(mei, [text('note', { label: '备注' })])).toEqual({})
})

test('a filled form tells whole contacts only', () => {
  const answers = { name: '林小满', phone: '13800138000', ...home.values }
  expect(contactsIn(fieldsOf(cleaning), answers, now)).toEqual([
    { kind: 'person', values: { name: '林小满', phone: '13800138000' } },
    home,
  ])
  expect(contactsIn(fieldsOf(cleaning), { name: '林小满' }, now)).toEqual([])
})

test('what was kept from a form fills the same form again', () => {
  const fields = fieldsOf(cleaning)
  const answers = { name: '林小满', phone: '13800138000', ...home.values }
  const again = Object.assign(
    {},
    ...contactsIn(fields, answers, now).map((one) => answersFrom(one, fields)),
  )
  expect(again).toEqual(answers)
})
