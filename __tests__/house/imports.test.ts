/** Who may import whom (DESIGN, "Imports" and "A straight line of imports"). */
import { committed, type Import, importsOf } from './sources.ts'

const SOURCES = /\.(m?ts|tsx)$/
const files = committed(SOURCES, 'contract', 'src', 'server', 'console', 'sandbox')
const imports = files.flatMap(importsOf)
const told = ({ file, of }: Import) => `${file} → ${of}`
const isPackage = ({ of }: Import) =>
  !files.includes(of) && !/^[\w@.-]+\/.*\.(m?ts|tsx|s?css|json|png|svg)$/.test(of)
const from = (folder: string) => imports.filter(({ file }) => file.startsWith(`${folder}/`))
const sides = ['contract', 'src', 'server', 'console', 'sandbox', 'deploy', '__tests__']
/** Colours and sizes, in one file for phone and console (DESIGN, "Look and feel"). */
const TOKENS = 'src/tokens.scss'
/** Imports of our own files in another side than `allowed`. */
const leaving = (list: Import[], ...allowed: string[]) =>
  list.filter(({ of }) => {
    const side = of.split('/')[0] ?? ''
    return sides.includes(side) && !allowed.includes(side) && of !== TOKENS
  })

test('the sources are read: there are many, and so are their imports', () => {
  expect(files.length).toBeGreaterThan(250)
  expect(imports.length).toBeGreaterThan(800)
  expect(imports.some((one) => told(one) === 'server/http/serve.ts → contract/api.ts')).toBe(true)
})

describe('sides', () => {
  test.each([
    ['contract', ['contract']],
    ['src', ['src', 'contract']],
    ['console', ['console', 'contract']],
    ['server', ['server', 'contract']],
    ['sandbox', ['sandbox']],
  ])('%s imports of our own only %p', (side, allowed) => {
    expect(leaving(from(side), ...allowed).map(told)).toEqual([])
  })

  test('contract needs no package, but zod in schema/', () => {
    const foreign = from('contract').filter(isPackage)
    const surplus = foreign.filter(
      ({ file, of }) => !(file.startsWith('contract/schema/') && of === 'zod'),
    )
    expect(surplus.map(told)).toEqual([])
  })

  test('outside contract/schema everybody but server and tests takes types of it only', () => {
    const taken = [...from('contract'), ...from('src'), ...from('console')].filter(
      ({ file, of }) => of.startsWith('contract/schema/') && !file.startsWith('contract/schema/'),
    )
    expect(taken.length).toBeGreaterThan(5)
    expect(taken.filter((one) => !one.typeOnly).map(told)).toEqual([])
  })

  test('stores, lib and flow of the phone know neither Taro nor React', () => {
    const plain = imports.filter(({ file }) => /^src\/(stores\/|lib\/|flow\.ts)/.test(file))
    const hosts = plain.filter(({ of }) =>
      /^(@tarojs|@nutui|react)|^src\/(pages|parts|platform)\//.test(of),
    )
    expect(hosts.filter((one) => !one.typeOnly).map(told)).toEqual([])
    expect(
      plain.filter(({ of }) => of.startsWith('zustand') && of !== 'zustand/vanilla').map(told),
    ).toEqual([])
  })
})

describe('the straight line order ← booking ← registration ← reminder ← payment', () => {
  const line = ['order', 'booking', 'registration', 'reminder', 'payment']
  const rank = (file: string) => line.indexOf(/^server\/(\w+)\//.exec(file)?.[1] ?? '')
  const isRoute = (file: string) => file.endsWith('.routes.ts')

  test('a later step uses earlier ones, never the reverse', () => {
    const back = from('server').filter(
      ({ file, of }) => !isRoute(file) && rank(file) >= 0 && rank(of) > rank(file),
    )
    expect(back.map(told)).toEqual([])
  })

  test('no step uses what reads across them, but routes do', () => {
    const across = from('server').filter(
      ({ file, of }) => rank(file) >= 0 && !isRoute(file) && /^server\/(report|sweep)\//.test(of),
    )
    expect(across.map(told)).toEqual([])
  })

  test('what all stand on uses none of the steps', () => {
    const below = from('server').filter(
      ({ file, of }) =>
        /^server\/(db|http|people|platforms)\//.test(file) &&
        (rank(of) >= 0 || /^server\/(report|sweep|live)\//.test(of)),
    )
    expect(below.map(told)).toEqual([])
  })

  test('routes are used by the application only, and gateways know nothing of orders', () => {
    const routes = from('server').filter(({ file, of }) => isRoute(of) && file !== 'server/app.ts')
    expect(routes.map(told)).toEqual([])
    const gateways = from('server').filter(
      ({ file, of }) =>
        file.startsWith('server/payment/gateways/') &&
        of.startsWith('server/') &&
        !/^server\/(payment\/gateways|platforms)\//.test(of),
    )
    expect(gateways.map(told)).toEqual([])
  })
})

test('no file needs itself at run time, over however many others', () => {
  const needs = new Map<string, string[]>()
  for (const { file, of, typeOnly } of imports) {
    if (!typeOnly && files.includes(of)) needs.set(file, [...(needs.get(file) ?? []), of])
  }
  const done = new Set<string>()
  const circles: string[] = []
  const walk = (file: string, trail: string[]) => {
    if (trail.includes(file)) circles.push([...trail.slice(trail.indexOf(file)), file].join(' → '))
    if (done.has(file) || trail.includes(file)) return
    for (const next of needs.get(file) ?? []) walk(next, [...trail, file])
    done.add(file)
  }
  for (const file of files) walk(file, [])
  expect(circles).toEqual([])
})

test('a relative import names its file with its ending, and it is there', () => {
  const all = committed(/./)
  const relative = imports.filter(({ of }) => sides.includes(of.split('/')[0] ?? ''))
  // Taro picks x.weapp.ts or x.ts itself; both carry their names.
  const missing = relative.filter(({ of }) => !all.includes(of))
  expect(missing.map(told)).toEqual([])
})

test('folders are named by what they are about, never services, repositories, utils or helpers', () => {
  const banned = /(^|\/)(services|repositories|utils?|helpers?|common|misc)\//
  expect(committed(banned, 'contract', 'src', 'server', 'console', 'sandbox', 'deploy')).toEqual([])
})
