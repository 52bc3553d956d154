/**
 * The app shell both hosts share: App(), Page(), the page stack and the navigation rules. Code of a
 * page is read when the page is first opened, so a sub-package comes as late as on a phone.
 */
import fs from 'node:fs'
import path from 'node:path'
import type { Realm } from './realm.ts'
import type { Work } from './work.ts'

/** The compiled app.json. */
export interface AppConfig {
  pages: string[]
  /** WeChat: what of the person's data the app asks for. */
  requiredPrivateInfos?: string[]
  subPackages?: { root: string; pages: string[] }[]
  /** WeChat's words, then Alipay's. */
  tabBar?: {
    list?: { pagePath: string; text: string }[]
    items?: { pagePath: string; name: string }[]
  }
}

/** One page on the stack. */
export interface OpenPage {
  route: string
  query: Record<string, string>
  /** The app's own page object, of the app's realm. */
  own: Record<string, unknown>
  /** What `setData` has told the view so far. */
  shown: Record<string, unknown>
}

/** Ways to another page, by the hosts' names. The answer is the refusal, or null. */
export interface Shell {
  navigateTo(url: string): string | null
  redirectTo(url: string): string | null
  switchTab(url: string): string | null
  reLaunch(url: string): string | null
  navigateBack(delta: number): void
  top(): OpenPage
  depth(): number
  launch(url: string): void
  hide(): void
  show(): void
  tabs(): { pagePath: string; text: string }[]
}

/** No host keeps more pages than this. */
const DEEPEST = 10

export function readAppConfig(dist: string): AppConfig {
  const file = path.join(dist, 'app.json')
  if (!fs.existsSync(file)) {
    throw new Error(`no mini-program in ${dist}: build it (builtFront) or run npm run build:weapp`)
  }
  return JSON.parse(fs.readFileSync(file, 'utf8'))
}

/** A sub-package may load itself and the main package; nobody may load another sub-package. */
export function packageRule(config: AppConfig): (from: string, to: string) => boolean {
  const packageOf = (file: string) =>
    config.subPackages?.find(({ root }) => file.startsWith(`${root.replace(/\/$/, '')}/`))?.root
  return (from, to) => packageOf(to) === undefined || packageOf(from) === packageOf(to)
}

export function createShell(dist: string, config: AppConfig, realm: Realm, work: Work): Shell {
  const routes = [
    ...config.pages,
    ...(config.subPackages ?? []).flatMap(({ root, pages }) =>
      pages.map((page) => path.posix.join(root, page)),
    ),
  ]
  const tabs = [
    ...(config.tabBar?.list ?? []),
    ...(config.tabBar?.items ?? []).map(({ pagePath, name }) => ({ pagePath, text: name })),
  ]
  const isTab = (route: string) => tabs.some(({ pagePath }) => pagePath === route)
  /** Page() calls, by the file that made them. */
  const definitions = new Map<string, Record<string, unknown>>()
  let loading = ''
  let app: Record<string, unknown> = {}
  const stack: OpenPage[] = []
  /** Tab pages stay alive beside the stack. */
  let resting: OpenPage[] = []

  const globals: [string, unknown][] = [
    [
      'App',
      (definition: Record<string, unknown>) => {
        app = definition
      },
    ],
    ['Page', (definition: Record<string, unknown>) => definitions.set(loading, definition)],
    // Taro's one component only repeats a page's templates and handler.
    ['Component', () => undefined],
    ['Behavior', (definition: unknown) => definition],
    ['getApp', () => app],
    ['getCurrentPages', () => realm.global.taroStack],
  ]
  Object.assign(realm.global, Object.fromEntries(globals))

  const life = (page: OpenPage, name: string, ...args: unknown[]) =>
    realm.call(page.own[name], page.own, ...args)

  function create(url: string): OpenPage {
    const { route, query } = splitUrl(url)
    loading = route
    realm.run(path.join(dist, `${route}.js`))
    const definition = definitions.get(route)
    if (!definition) throw new Error(`${route}.js calls no Page()`)
    const data = JSON.parse(JSON.stringify(definition.data ?? {}))
    const own = Object.assign(realm.inside<Record<string, unknown>>({}), definition)
    const page: OpenPage = { route, query, own, shown: data }
    let ready = false
    Object.assign(own, {
      route,
      __route__: route,
      options: realm.inside(query),
      data: realm.inside(data),
      setData: (update: Record<string, unknown>, told?: unknown) => {
        change(page.shown, JSON.parse(JSON.stringify(update)))
        work.soon('setData', () => {
          realm.call(told, own)
          if (!ready) life(page, 'onReady')
          ready = true
        })
      },
    })
    return page
  }

  function enter(url: string, from: 'load' | 'rest'): void {
    const { route } = splitUrl(url)
    const rested = from === 'rest' ? resting.find((page) => page.route === route) : undefined
    const page = rested ?? create(url)
    resting = resting.filter((one) => one !== page)
    stack.push(page)
    told()
    if (!rested) life(page, 'onLoad', realm.inside(page.query))
    life(page, 'onShow')
  }

  /** Takes pages off the stack; a tab page that is left by another tab only rests. */
  function leave(count: number, keepTabs: boolean): void {
    for (const page of stack.splice(stack.length - count, count).reverse()) {
      if (keepTabs && isTab(page.route)) {
        life(page, 'onHide')
        resting.push(page)
      } else life(page, 'onUnload')
    }
    told()
  }

  /** The app sees its stack as an array of its own realm. */
  function told(): void {
    const mirror = realm.inside<unknown[]>([])
    for (const page of stack) mirror.push(page.own)
    realm.global.taroStack = mirror
  }

  function refusal(url: string, tab: boolean): string | null {
    const { route } = splitUrl(url)
    if (!routes.includes(route)) return `page "${route}" is not found`
    if (isTab(route) !== tab)
      return tab ? 'can not switch to no-tabBar page' : 'can not open tabBar'
    return null
  }
  const go = (url: string, tab: boolean, run: () => void): string | null => {
    const no = refusal(url, tab)
    if (no === null) work.soon(`open ${url}`, run)
    return no
  }

  return {
    navigateTo(url) {
      if (stack.length >= DEEPEST) return 'webview count limit exceed'
      return go(url, false, () => {
        life(top(), 'onHide')
        enter(url, 'load')
      })
    },
    redirectTo: (url) =>
      go(url, false, () => {
        leave(1, false)
        enter(url, 'load')
      }),
    switchTab: (url) =>
      go(url, true, () => {
        if (splitUrl(url).route === top().route) return
        leave(stack.length, true)
        enter(url, 'rest')
      }),
    reLaunch(url) {
      return go(url, isTab(splitUrl(url).route), () => {
        leave(stack.length, false)
        for (const page of resting.splice(0)) life(page, 'onUnload')
        enter(url, 'load')
      })
    },
    navigateBack(delta) {
      work.soon('back', () => {
        const count = Math.min(delta, stack.length - 1)
        if (count < 1) return
        leave(count, false)
        life(top(), 'onShow')
      })
    },
    launch(url) {
      realm.run(path.join(dist, 'app.js'))
      const { route, query } = splitUrl(url || (config.pages[0] as string))
      const options = { path: route, query, scene: 1001, referrerInfo: {} }
      realm.call(app.onLaunch, app, realm.inside(options))
      realm.call(app.onShow, app, realm.inside(options))
      enter(url || route, 'load')
    },
    hide() {
      life(top(), 'onHide')
      realm.call(app.onHide, app, realm.inside({}))
    },
    show() {
      realm.call(app.onShow, app, realm.inside({ path: top().route, query: top().query }))
      life(top(), 'onShow')
    },
    top,
    depth: () => stack.length,
    tabs: () => tabs,
  }

  function top(): OpenPage {
    const page = stack[stack.length - 1]
    if (!page) throw new Error('no page is open')
    return page
  }
}

/** `/pages/x/index?a=b` → route and query; hosts hand the query out as it was written. */
function splitUrl(url: string): { route: string; query: Record<string, string> } {
  const [address = '', search = ''] = url.replace(/^\//, '').split('?')
  const pairs = search.split('&').filter((pair) => pair !== '')
  return {
    route: address,
    query: Object.fromEntries(
      pairs.map((pair) => {
        const at = pair.indexOf('=')
        return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)]
      }),
    ),
  }
}

/** Applies `{ 'root.cn.[0].v': … }` as setData does. */
function change(data: Record<string, unknown>, update: Record<string, unknown>): void {
  for (const [place, value] of Object.entries(update)) {
    const steps = place.split(/[.[\]]+/).filter((step) => step !== '')
    const last = steps.pop() as string
    let at: Record<string, unknown> = data
    for (const [index, step] of steps.entries()) {
      const next = steps[index + 1] ?? last
      at[step] ??= /^\d+$/.test(next) ? [] : {}
      at = at[step] as Record<string, unknown>
    }
    at[last] = value
  }
}
