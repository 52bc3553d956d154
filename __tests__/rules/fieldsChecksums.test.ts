import fc from 'fast-check'
import { isCreditCode } from '../../contract/fields/company.ts'
import { isRealDay } from '../../contract/fields/date.ts'
import { isIdCard } from '../../contract/fields/idCard.ts'

const now = Date.parse('2026-11-22T15:30:00Z')

describe('resident identity cards, GB 11643', () => {
  test.each([
    '11010519491231002X',
    '440524188001010014',
    '110101199003070011',
    '810000198001010014',
    '911124198108030024',
  ])('%s is a card', (card) => expect(isIdCard(card, now)).toBe(true))

  test.each([
    '110105194912310021',
    '110101199002300012',
    '11010519491231002x',
    '01010519491231002X',
    '',
    '1'.repeat(19),
  ])('%j is none', (card) => expect(isIdCard(card, now)).toBe(false))

  test('nobody is born tomorrow, on the merchant’s clock', () => {
    // The last minute of 22 November in China is still the afternoon in UTC.
    const born = withCheck('11010120261123001')
    expect(isIdCard(born, Date.parse('2026-11-22T15:59:59Z'))).toBe(false)
    expect(isIdCard(born, Date.parse('2026-11-22T16:00:00Z'))).toBe(true)
  })

  /** ISO 7064 MOD 11-2 by its definition (a running remainder), not by the table of weights. */
  function withCheck(digits: string): string {
    let rest = 0
    for (const digit of digits) rest = ((rest + Number(digit)) * 2) % 11
    const check = (12 - rest) % 11
    return digits + (check === 10 ? 'X' : String(check))
  }

  const day = fc
    .date({
      min: new Date('1900-01-01T00:00:00Z'),
      max: new Date('2026-11-21T00:00:00Z'),
      noInvalidDate: true,
    })
    .map((at) => at.toISOString().slice(0, 10).replaceAll('-', ''))
  const digits = fc
    .tuple(fc.integer({ min: 100000, max: 999999 }), day, fc.integer({ min: 0, max: 999 }))
    .map(([area, born, serial]) => `${area}${born}${String(serial).padStart(3, '0')}`)

  test('every card with the definition’s check passes, with any other check fails', () => {
    fc.assert(
      fc.property(digits, (base) => {
        const right = withCheck(base)
        for (const check of '0123456789X') {
          expect(isIdCard(base + check, now)).toBe(base + check === right)
        }
      }),
    )
  })

  test('one wrong digit, or two neighbours swapped, is always noticed', () => {
    fc.assert(
      fc.property(digits, fc.nat(16), fc.integer({ min: 1, max: 9 }), (base, at, more) => {
        const card = withCheck(base)
        const wrong = String((Number(card[at]) + more) % 10)
        expect(isIdCard(card.slice(0, at) + wrong + card.slice(at + 1), now)).toBe(false)
        const swapped = card.slice(0, at) + card[at + 1] + card[at] + card.slice(at + 2)
        expect(isIdCard(swapped, now)).toBe(swapped === card)
      }),
    )
  })
})

describe('unified social credit codes, GB 32100', () => {
  const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'

  test.each([
    '91350100M000100Y43',
    '91110000600037341L',
    '9144030071526726XG',
    '91330100799655058B',
  ])('%s is a code', (code) => expect(isCreditCode(code)).toBe(true))

  test.each([
    '91350100M000100Y44',
    '91350100m000100y43',
    '9135010OM000100Y43',
    '91350100M000100Y4',
    '',
  ])('%j is none', (code) => expect(isCreditCode(code)).toBe(false))

  test('one wrong character is always noticed', () => {
    fc.assert(
      fc.property(fc.nat(17), fc.integer({ min: 1, max: 30 }), (at, more) => {
        const code = '91330100799655058B'
        const wrong = ALPHABET[(ALPHABET.indexOf(code[at] ?? '') + more) % 31]
        expect(isCreditCode(code.slice(0, at) + wrong + code.slice(at + 1))).toBe(false)
      }),
      { numRuns: 600 },
    )
  })
})

test('a day is real exactly if the calendar has it', () => {
  const part = (max: number) => fc.integer({ min: 0, max }).map((n) => String(n).padStart(2, '0'))
  fc.assert(
    fc.property(fc.integer({ min: 1900, max: 2100 }), part(14), part(33), (year, month, date) => {
      const days = new Date(year, Number(month), 0).getDate()
      const inCalendar = month >= '01' && month <= '12' && date >= '01' && Number(date) <= days
      expect(isRealDay(`${year}-${month}-${date}`)).toBe(inCalendar)
    }),
  )
})
