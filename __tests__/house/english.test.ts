/** The console's English (docs/how-to/english.md): every Chinese text has one, and none is left over. */
import path from 'node:path'
import { ownKey } from '../../console/english/keyOf.ts'
import { filled, holesOf, patternsOf } from '../../console/english/pattern.ts'
import { elsewhere, isRewritten, isSpoken } from '../../console/english/places.ts'
import { hasChinese, readTexts } from '../../console/english/texts.ts'
import { committed, importsOf, ROOT, readSource } from './sources.ts'

const catalogue: Record<string, string> = JSON.parse(readSource('console/english/en.json'))
const SOURCES = /\.(ts|tsx)$/

/** The console, and what it takes of the contract at run time. */
const built = (() => {
  const files = new Set(committed(SOURCES, 'console'))
  for (const file of files)
    for (const { of, typeOnly } of importsOf(file))
      if (!typeOnly && /^contract\/.*\.ts$/.test(of)) files.add(of)
  return [...files].filter(isRewritten)
})()
const spoken = committed(SOURCES, 'contract', 'server').filter(isSpoken)

const textsOf = (file: string) => {
  const code = readSource(file)
  return hasChinese(code) ? readTexts(code, path.join(ROOT, file)).texts : []
}
/** Each text, with the files it stands in. */
const texts = new Map<string, string[]>(elsewhere.map((text) => [text, ['places.ts']]))
for (const file of [...built, ...spoken])
  for (const text of textsOf(file)) texts.set(text, [...(texts.get(text) ?? []), file])

const advice = 'see docs/how-to/english.md: write its English into console/english/en.json'

test('the texts are found: many, in the console, the contract and the server', () => {
  expect(texts.size).toBeGreaterThan(1500)
  expect(texts.get('{0} 笔')).toContain('console/pages/payment/reconciliation/PeriodTable.tsx')
  expect(texts.get('该时段已约满，请选择其他时段')).toContain('contract/refusals.ts')
  expect(texts.get('还有 {0} 个可约时段，请先关闭')).toContain('server/booking/resources.ts')
})

test('every Chinese text of the console has its English', () => {
  const missing = [...texts]
    .filter(([text]) => !(text in catalogue))
    .map(([text, [file]]) => `「${text}」 in ${file}: ${advice}`)
  expect(missing).toEqual([])
})

test('no English is left over from a text that is gone', () => {
  const isThere = (key: string) => {
    const at = key.indexOf('#')
    const file = at > 0 && isRewritten(key.slice(0, at)) ? key.slice(0, at) : null
    return file ? (texts.get(key.slice(at + 1)) ?? []).includes(file) : texts.has(key)
  }
  const stale = Object.keys(catalogue)
    .filter((key) => !isThere(key))
    .map((key) => `「${key}」 is in no source any more: take it out of console/english/en.json`)
  expect(stale).toEqual([])
})

test('whatever file of the server refuses a field in Chinese is one whose sentences are known', () => {
  const saying = committed(SOURCES, 'server').filter((file) =>
    /refuseField\([^)]*[\u4e00-\u9fff]/.test(readSource(file)),
  )
  expect(saying.length).toBeGreaterThan(10)
  expect(saying.filter((file) => !isSpoken(file))).toEqual([])
})

test('English has the same holes, no Chinese, and says one thing for one text', () => {
  const wrong = Object.entries(catalogue).flatMap(([key, english]) => [
    ...(String(holesOf(key)) === String(holesOf(english)) ? [] : [`other holes: ${key}`]),
    ...(hasChinese(english) ? [`Chinese in: ${english}`] : []),
    ...(english === '' ? [`nothing said for: ${key}`] : []),
  ])
  expect(wrong).toEqual([])
  expect(Object.keys(catalogue)).toEqual(Object.keys(catalogue).toSorted())
})

test('texts are turned into lookups; data, types and marked ones are left as they are', () => {
  const source = `
    import { x } from './x.ts'
    type Kind = '甲' | '乙'
    const kind: Kind = /* @chinese it is sent */ '甲'
    /** @chinese a phone shows it */
    const Phone = () => <p title="手机">{\`手机 \${x}\`} 手机</p>
    const about = { does: '说明', zh: '订单' }
    export const Page = ({ n }) => (
      <main title="标题">
        <p>
          <Icon /> 共 <b>{n}</b> 条
        </p>
        {/* @chinese a phone shows it */}
        <Phone hint="提示" />
        <i>{n > 1 ? \`\${n} 个\${x}\` : '没有'}</i>
      </main>
    )`
  const { code, texts } = readTexts(source, 'console/page.tsx')
  expect(texts.toSorted()).toEqual(['{0} 个{1}', '共 {0} 条', '标题', '没有', '订单'].toSorted())
  expect(code).toContain('import { text as _text } from "/english/text.ts"')
  expect(code).toContain('title={_text("标题")}')
  expect(code).toMatch(/\{_rich`共 \$\{<b>\{n\}<\/b>\} 条`\}/)
  expect(code).toMatch(/`手机 \$\{x\}`/)
  expect(() => readTexts('const words = { 甲: 1 }', 'console/a.ts')).toThrow('@chinese')
})

test('a file may have an English of its own for a text', () => {
  const own = (text: string) => (text === '订单' ? 'console/a.ts' : null)
  const { code } = readTexts("export const menu = ['订单', '时段']", 'console/a.ts', own)
  expect(code).toContain('_text("订单", "console/a.ts")')
  expect(code).toContain('_text("时段")')
  expect(ownKey('console/a.ts', '订单')).toBe('console/a.ts#订单')
})

test('holes are filled: words by number, months, discounts, counts without a word', () => {
  const say = (english: string, ...holes: unknown[]) => filled(english, holes).join('')
  expect(say('{0} {0:slot|slots}', 1)).toBe('1 slot')
  expect(say('{0} {0:slot|slots}', 12)).toBe('12 slots')
  expect(say('{2}, {0:month} {1}', 11, 23, 'Mon')).toBe('Mon, Nov 23')
  expect(say('{0:off} off', 8.5)).toBe('15% off')
  expect(say('May not {0:lower}', 'Handle money')).toBe('May not handle money')
  expect(say('May not {0:lower}', 'SMS')).toBe('May not SMS')
  expect(say('All {0}{1:none} shown', 3, '份')).toBe('All 3 shown')
  expect(() => holesOf('{0:weekday}')).toThrow('no form')
})

test('a sentence of the server is recognised with its facts, and the most particular wins', () => {
  const [first] = patternsOf(catalogue).filter(({ form }) =>
    form.test('还有 3 个可约时段，请先关闭'),
  )
  expect(first?.english).toBe(catalogue['还有 {0} 个可约时段，请先关闭'])
  const weights = patternsOf(catalogue).map(({ weight }) => weight)
  expect(weights).toEqual(weights.toSorted((a, b) => b - a))
})
