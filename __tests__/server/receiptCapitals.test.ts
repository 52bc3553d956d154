/** 人民币大写: the amount on a receipt in words that nobody alters. */
import fc from 'fast-check'
import { capitals } from '../../server/receipt/capitals.ts'

test.each([
  // The examples of 支付结算办法 附件一.
  [140_950, '人民币壹仟肆佰零玖元伍角'],
  [600_714, '人民币陆仟零柒元壹角肆分'],
  [168_032, '人民币壹仟陆佰捌拾元零叁角贰分'],
  [10_700_053, '人民币壹拾万柒仟元零伍角叁分'],
  [1_640_902, '人民币壹万陆仟肆佰零玖元零贰分'],
  [32_504, '人民币叁佰贰拾伍元零肆分'],
  [0, '人民币零元整'],
  [1, '人民币壹分'],
  [10, '人民币壹角'],
  [100, '人民币壹元整'],
  [12_800, '人民币壹佰贰拾捌元整'],
  [1_000_000, '人民币壹万元整'],
  [2_010_000_000, '人民币贰仟零壹拾万元整'],
  [10_000_000_100, '人民币壹亿零壹元整'],
] as const)('%d fen are %s', (fen, text) => {
  expect(capitals(fen)).toBe(text)
})

test('whatever the amount, reading the capitals gives it back, and no two noughts stand together', () => {
  fc.assert(
    fc.property(fc.oneof(fc.maxSafeNat(), fc.nat(1_000_000), fc.nat(1_000_000_000)), (fen) => {
      const text = capitals(fen)
      expect(text).not.toMatch(/零零|零万|零亿|零整/)
      expect(read(text)).toBe(fen)
    }),
  )
})

test.each([-1, 0.5, Number.NaN, 2 ** 53])('%d is no amount', (fen) => {
  expect(() => capitals(fen)).toThrow('is no amount')
})

/** The way a person reads them: a digit, its place, its section. */
function read(text: string): number {
  const [, whole = '', rest = ''] = /^人民币(?:(.*)元)?(.*)$/.exec(text) ?? []
  let [sum, section, digit] = [0, 0, 0]
  for (const character of whole) {
    const value = '零壹贰叁肆伍陆柒捌玖'.indexOf(character)
    const place = { 拾: 10, 佰: 100, 仟: 1000 }[character]
    if (value >= 0) digit = value
    else if (place) {
      section += digit * place
      digit = 0
    } else {
      // 万亿 comes as 万 before 亿.
      const by = { 万: 1e4, 亿: 1e8 }[character] ?? 1
      sum = by === 1e8 && section + digit === 0 ? sum * 1e8 : sum + (section + digit) * by
      section = 0
      digit = 0
    }
  }
  const fen = { 角: 10, 分: 1 }
  const parts = [...rest.matchAll(/([壹贰叁肆伍陆柒捌玖])([角分])/g)]
  const small = parts.reduce(
    (total, [, value = '', unit = '角']) =>
      total + '零壹贰叁肆伍陆柒捌玖'.indexOf(value) * fen[unit as '角' | '分'],
    0,
  )
  return (sum + section + digit) * 100 + small
}
