import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { orderEvents, orderStates } from '@jiyue/contract/order'
import { refundReasons } from '@jiyue/contract/payment'
import { may, roles } from '@jiyue/contract/people'
import {
  addMonths,
  daysOf,
  eachDayOf,
  placeInWeek,
  readDay,
  readMonth,
  weekOf,
} from '../../console/month.ts'
import { newId } from '../../console/newId.ts'
import { runsOf } from '../../console/pages/orders/runsOf.ts'
import { firstRange, periodText } from '../../console/pages/payment/reconciliation/periods.ts'
import { changed } from '../../console/parts/useFlash.ts'
import { idIn, idsIn, ownPath, paths } from '../../console/paths.ts'
import { readTokens, tokenReader } from '../../console/tokens.ts'
import { whyNoRight, whyNot } from '../../console/why.ts'
import { doerWord, eventWord, failureWord, stateWord, verdictWord } from '../../console/words.ts'

const root = path.resolve(__dirname, '../..')
const source = (file: string) => readFileSync(path.join(root, file), 'utf8')

describe('tokens', () => {
  const scss = source('src/tokens.scss')

  test('every token that the theme names is in the one file', () => {
    const { text } = tokenReader(scss)
    const named = [...source('console/theme.ts').matchAll(/(?:text|px)\('([\w-]+)'\)/g)]
    expect(named.length).toBeGreaterThan(20)
    for (const [, name] of named) expect(text(name!)).not.toBe('')
  })

  test('a token that is not there fails at start, with its name', () => {
    expect(() => tokenReader(scss).text('primery')).toThrow('$primery')
  })

  test('neither theme nor any stylesheet writes a colour of its own', () => {
    const values = Object.values(readTokens(scss)).filter((value) => value.startsWith('#'))
    expect(values.length).toBeGreaterThan(10)
    const sheets = globSync('console/**/*.scss', {
      cwd: root,
      exclude: ['**/node_modules', '**/dist'],
    })
    expect(sheets.length).toBeGreaterThan(5)
    for (const file of ['console/theme.ts', ...sheets])
      expect(source(file)).not.toMatch(/#[0-9a-f]{3,8}\b|rgba?\(/i)
  })
})

describe('words and buttons come from the contract', () => {
  test('a button is off exactly where the table has no move, and says where it would be on', () => {
    for (const state of orderStates)
      expect(whyNot(state, 'complete', '核销') === null).toBe(state === 'confirmed')
    expect(whyNot('registered', 'complete', '核销')).toBe(
      '仅「已预约」的订单可以核销，此订单待缴费',
    )
  })

  test('every event, doer and reason has a Chinese word; an unknown code is shown, not hidden', () => {
    for (const event of [...orderEvents, 'hold']) expect(eventWord(event)).not.toBe(event)
    for (const by of ['user', 'merchant:7', 'time', 'payment'])
      expect(doerWord(by)).toMatch(/^\p{Script=Han}+$/u)
    for (const reason of Object.keys(refundReasons))
      expect(verdictWord(`refunding:${reason}`)).toMatch(/退/)
    expect(eventWord('moved')).toBe('moved')
  })

  test('what the platforms say of a failure is told in words by its code, wherever it stands', () => {
    expect(failureWord('NOT_ENOUGH')).toMatch(/余额不足/)
    expect(failureWord('10060001 支付单不存在')).toBe('微信还查不到这笔支付')
    expect(failureWord('SOMETHING_NEW')).toBe('SOMETHING_NEW')
  })

  test('the same state is another word of a payment and of a refund', () => {
    expect(stateWord('trade', 'succeeded')).toBe('已支付')
    expect(stateWord('refund', 'succeeded')).toBe('已退款')
    expect(stateWord('trade', 'XX')).toBe('XX')
  })

  test('a role is told what it may not do and who may, from the contract’s table', () => {
    for (const role of roles) expect(whyNoRight(role, 'money') === null).toBe(may(role, 'money'))
    expect(whyNoRight('support', 'money')).toBe('客服账号不能处理款项，请由店主、店长或财务操作')
    expect(whyNoRight('gardener', 'money')).not.toBeNull()
  })

  test('facts that say the same are one line; another word, way or sum begins a new one', () => {
    const fact = {
      at: '',
      method: 'wechat',
      heardBy: 'query',
      state: 'unpaid',
      amountFen: 0,
      verdict: 'waiting',
      reference: null,
    } as const
    const runs = runsOf([
      fact,
      fact,
      { ...fact, heardBy: 'notice' },
      fact,
      { ...fact, amountFen: 1 },
    ])
    expect(runs.map(({ facts }) => facts.length)).toEqual([2, 1, 1, 1])
    expect(runsOf([])).toEqual([])
  })
})

describe('paths', () => {
  test('empty parts of a filter leave no trace in the URL', () => {
    expect(paths.orders({ state: undefined, text: '保洁' })).toBe('/orders?text=%E4%BF%9D%E6%B4%81')
    expect(paths.orders({})).toBe('/orders')
  })

  test('of a URL’s ids only those that can be one are asked for', () => {
    const id = '0198c0de-0000-7000-8000-000000000000'
    const search = new URLSearchParams(`slot=x&slot=${id}&service=&staff=${id}%27--`)
    expect(idsIn(search, 'slot')).toEqual([id])
    expect([idIn(search, 'service'), idIn(search, 'staff')]).toEqual([undefined, undefined])
  })

  test.each([null, '//example.org', '/\\example.org', 'https://example.org', 'javascript:1'])(
    'after signing in, %s leads to the first page',
    (to) => expect(ownPath(to)).toBe('/today'),
  )

  test('a path of our own is kept with its query', () => {
    expect(ownPath('/orders?state=held')).toBe('/orders?state=held')
  })
})

describe('rows that glow', () => {
  const before = new Map([
    ['b', 'held'],
    ['c', 'held'],
  ])
  const row = (id: string, mark = 'held') => ({ id, mark })

  test('a new one on top and a changed one do, the next page does not', () => {
    const rows = [row('a'), row('b'), row('c', 'registered'), row('d')]
    expect(changed(before, rows)).toEqual(['a', 'c'])
  })

  test('the first order of an empty list does', () => {
    expect(changed(new Map(), [row('a')])).toEqual(['a'])
  })
})

test('a week runs from Monday to Sunday on the merchant’s clock', () => {
  expect(weekOf('2026-11-22')).toEqual(['2026-11-16', '2026-11-22'])
  expect(weekOf('2026-11-23')).toEqual(['2026-11-23', '2026-11-29'])
  expect(weekOf('2026-03-01')).toEqual(['2026-02-23', '2026-03-01'])
})

describe('months', () => {
  test('begin and end on their days, in leap years and over the turn of the year', () => {
    expect(daysOf('2028-02')).toEqual(['2028-02-01', '2028-02-29'])
    expect(daysOf('2026-12')).toEqual(['2026-12-01', '2026-12-31'])
    expect([addMonths('2026-12', 1), addMonths('2026-01', -1)]).toEqual(['2027-01', '2025-12'])
    expect(eachDayOf('2026-11')).toHaveLength(30)
    expect([placeInWeek('2026-11-23'), placeInWeek('2026-11-22')]).toEqual([1, 7])
  })

  test.each(['2026-02-30', '2026-13-01', '20261101', '', null, '2026-1-1'])(
    'a URL that says %p says no day',
    (text) => expect(readDay(text)).toBeNull(),
  )

  test('a URL that says no month says none', () => {
    expect(readMonth('2026-11')).toBe('2026-11')
    for (const text of ['2026-13', '2026', '2026-11-01', null]) expect(readMonth(text)).toBeNull()
  })
})

describe('reconciliation', () => {
  const now = Date.parse('2026-11-26T02:00:00Z')

  test('each period first shows a range that says something, and ends today', () => {
    expect(firstRange('day', now)).toEqual(['2026-11-20', '2026-11-26'])
    expect(firstRange('week', now)).toEqual(['2026-10-05', '2026-11-26'])
    expect(firstRange('month', now)).toEqual(['2026-06-01', '2026-11-26'])
    // One o'clock in the night of the first: the merchant's month has begun, UTC's has not.
    expect(firstRange('month', Date.parse('2026-11-30T17:00:00Z'))[1]).toBe('2026-12-01')
  })

  test('a week cut off by its range or over the end of a month is called by its days', () => {
    expect(periodText('week', { from: '2026-11-16', to: '2026-11-22' })).toBe('11月16日–22日')
    expect(periodText('week', { from: '2026-11-30', to: '2026-12-06' })).toBe('11月30日–12月6日')
    expect(periodText('week', { from: '2026-11-22', to: '2026-11-22' })).toBe('11月22日')
    expect(periodText('month', { from: '2026-11-05', to: '2026-11-30' })).toBe('2026年11月')
  })
})

describe('newId', () => {
  test('is a UUID 7 whose first 48 bits are the time', () => {
    const now = Date.UTC(2026, 10, 23, 1, 2, 3, 456)
    const id = newId(now)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(now)
    expect(newId(now)).not.toBe(id)
  })
})
