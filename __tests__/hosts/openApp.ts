/**
 * A phone with the compiled mini-program open, for tests that act as a person: see, tap, type.
 * There is no layout and no drawing; everything else is real: the compiled code, the templates,
 * the events, HTTP and sockets. Vendors' own screens (wallet, login) are the test's to answer.
 *
 *   const phone = await openApp({ host: 'weapp', dist: await builtFront('weapp'), api })
 *   await phone.tap('去预约')
 *   await phone.see('预约')
 */
import { type Device, type Outside, tell } from './device.ts'
import { isDisabled, rise, touch } from './events.ts'
import { openGate } from './gate.ts'
import {
  afterWords,
  findField,
  findTarget,
  isField,
  pathUp,
  shows,
  sketch,
  textOf,
} from './look.ts'
import { alipayNetwork, createMy } from './my.ts'
import { createOverlay } from './overlay.ts'
import { createRealm } from './realm.ts'
import { createShell, packageRule, readAppConfig } from './shell.ts'
import { createDraw, type Element } from './templates.ts'
import { createWork } from './work.ts'
import { createWx, wechatNetwork } from './wx.ts'

export interface AppOptions extends Outside {
  host: 'weapp' | 'alipay'
  /** A folder of builtFront(). */
  dist: string
  /** The local server that answers for https://api.jiyue.example. */
  api: string
  /** The page to start with, as a message's link would; default the first one. */
  path?: string
  /** Default an empty phone. */
  storage?: Map<string, string>
  /** CSS pixels; default a small phone, 375 × 667. */
  width?: number
  height?: number
  /** Everything waits up to this long for the app, looking again at each change; default a minute. */
  patienceMs?: number
}

export type OpenedApp = Awaited<ReturnType<typeof openApp>>

export async function openApp(options: AppOptions) {
  const { host, patienceMs = 60_000 } = options
  const storage = options.storage ?? new Map<string, string>()
  const draw = createDraw(options.dist, host === 'weapp' ? 'wx' : 'a')
  const config = readAppConfig(options.dist)
  let device = start(options.path ?? '')

  function start(path: string): Device {
    const work = createWork()
    const realm = createRealm(options.dist, packageRule(config), work.stirred)
    const made: Device = {
      ...options,
      config,
      realm,
      work,
      gate: openGate(options.api, work),
      shell: createShell(options.dist, config, realm, work),
      overlay: createOverlay(work, () => made.shell.top()),
      storage,
      width: options.width ?? 375,
      height: options.height ?? 667,
      ears: new Map(),
      files: new Map(),
      badges: new Map(),
      privacyAsked: undefined,
      agreedBy: '',
    }
    if (host === 'weapp') realm.global.wx = createWx(made)
    // Alipay has a navigator, with nothing of a browser's in it.
    else Object.assign(realm.global, { my: createMy(made), navigator: { swuserAgent: 'Alipay' } })
    made.shell.launch(path)
    return made
  }

  function page(): Element {
    const { route, shown } = device.shell.top()
    return draw(route, shown)
  }

  /** The page, what lies over it, and the tab bar below. */
  function text(): string {
    const tabs = device.shell.tabs()
    const onTab = tabs.some(({ pagePath }) => pagePath === device.shell.top().route)
    const badged = ({ text }: { text: string }, at: number) =>
      [text, device.badges.get(at)].filter(Boolean).join(' · ')
    const bar = onTab ? tabs.map(badged).join('\n') : ''
    return [device.overlay.text(), textOf(page()), bar].filter((part) => part).join('\n')
  }

  /** What a failing test needs to know. */
  function screen(): string {
    const { route, query } = device.shell.top()
    return [
      `${host} at ${route} ${JSON.stringify(query)}`,
      sketch(page()),
      device.overlay.text(),
      ...device.work.underWay().map((what) => `under way: ${what}`),
      ...device.realm.errors.map((error) => `app error: ${told(error)}`),
    ]
      .filter((line) => line)
      .join('\n')
  }

  /** Waits for a condition; app errors end the wait, for they are never expected. */
  async function wait(what: string, done: () => boolean): Promise<void> {
    const broken = () => device.realm.errors.length > 0
    const met = await device.work.until(() => broken() || done(), patienceMs)
    if (met && !broken()) return
    throw new Error(`${broken() ? 'the app broke before' : 'no'} ${what}\n${screen()}`)
  }

  /** A touch that came to nothing is a mistake of the test or of the page. */
  function refuse(target: string, why: string | null): void {
    if (why !== null) throw new Error(`「${target}」 ${why}\n${screen()}`)
  }

  async function found(what: string, look: () => Element | undefined): Promise<Element> {
    let element: Element | undefined
    await wait(what, () => {
      element = look()
      return element !== undefined
    })
    return element as Element
  }

  async function settled(): Promise<void> {
    const still = () => device.work.underWay().length === 0 && device.realm.soon() === 0
    do {
      await wait('rest', still)
      // Promises of the app run on between two looks.
      await new Promise((resolve) => setImmediate(resolve))
    } while (!still())
  }

  const phone = {
    storage,
    text,
    screen,
    /** Where the app is. */
    page: () => {
      const { route, query } = device.shell.top()
      return { route, query, depth: device.shell.depth() }
    },
    errors: () => device.realm.errors,

    /** Waits until these words are on screen. */
    see: (words: string) => wait(`「${words}」 on screen`, () => shows(text(), words)),
    /** Waits until these words are not on screen. */
    gone: (words: string) => wait(`end of 「${words}」`, () => !shows(text(), words)),
    /** Waits until the page has drawn anything at all. */
    drawn: () => wait('page drawn', () => textOf(page()) !== ''),
    /** Waits until the app is at this page. */
    at: (route: string) =>
      wait(`page ${route}`, () => device.shell.top().route === route.replace(/^\//, '')),
    /** Waits until nothing is asked, drawn or about to happen. */
    settled,

    /** Taps words, an id, a dialog's button or a tab; waits for it to appear. */
    async tap(target: string, nth = 0): Promise<void> {
      const tab = () => device.shell.tabs().find(({ text }) => text === target)
      const element = () => (device.overlay.isModal() ? undefined : findTarget(page(), target, nth))
      await wait(`「${target}」 to tap`, () => {
        if (device.overlay.isModal()) return device.overlay.has(target)
        return element() !== undefined || tab() !== undefined
      })
      device.overlay.touched()
      const touched = element()
      if (device.overlay.has(target)) device.overlay.press(target)
      else if (touched) refuse(target, touch(device, touched))
      else device.shell.switchTab(`/${tab()?.pagePath}`)
    },

    /** Types into a field found by id, name, placeholder or the words before it, and leaves it. */
    async type(label: string, value: string): Promise<void> {
      const field = await found(`field 「${label}」`, () => findField(page(), label))
      if (isDisabled(field)) refuse(label, 'is disabled')
      rise(device, field, 'focus', { value: field.attribute('value') ?? '' })
      // The page may have drawn the field anew; its id stays.
      const again = () => findBySid(page(), field.sid) ?? field
      rise(device, again(), 'input', { value, cursor: value.length })
      await device.work.until(() => device.work.underWay().length === 0, 1_000)
      rise(device, again(), 'blur', { value })
    },

    /** Sets a picker, switch, slider, radio or checkbox group: by id, or the first after words. */
    async choose(label: string, value: unknown): Promise<void> {
      const chooses = (element: Element) =>
        element.handler('change') !== undefined && !isField(element)
      const control = await found(`a choice at 「${label}」`, () => {
        const around = findTarget(page(), label)
        return around && (pathUp(around).find(chooses) ?? afterWords(page(), label, chooses))
      })
      rise(device, control, 'change', { value })
    },

    /** Any other event, in the host's words, at a target found as for tap. */
    async dispatch(target: string, type: string, detail: object = {}): Promise<void> {
      const element = await found(`「${target}」`, () => findTarget(page(), target))
      if (rise(device, element, type, detail) === 0)
        throw new Error(`no ${type} handler\n${screen()}`)
    },

    /** The system's back. */
    back: () => device.shell.navigateBack(1),
    /** To the background and back. */
    hide(): void {
      device.shell.hide()
      tell(device, 'appHide', {})
    },
    show(): void {
      device.shell.show()
      tell(device, 'appShow', {})
    },
    /** Cuts or mends the line, and tells the app. */
    network(connected: boolean): void {
      device.gate.cut(!connected)
      const state = host === 'weapp' ? wechatNetwork(connected) : alipayNetwork(connected)
      tell(device, 'network', state)
    },
    /** Turns the tablet, or pulls the window. */
    resize(width: number, height: number): void {
      Object.assign(device, { width, height })
      tell(device, 'resize', { size: { windowWidth: width, windowHeight: height } })
    },

    /** The system ends the app; the person opens it again, perhaps through a link. */
    async kill(path = ''): Promise<void> {
      end()
      device = start(path)
    },
    /** Ends the app. What its code had thrown without anyone looking makes the test fail. */
    close(): void {
      end()
      const { errors } = device.realm
      if (errors.length > 0) throw new Error(`the app broke\n${screen()}`)
    },
  }

  function end(): void {
    device.realm.end()
    device.gate.end()
  }

  await settled()
  return phone
}

/** An error's first lines; lines of compiled code would fill the screen. */
function told(error: unknown): string {
  const lines = String((error as Error)?.stack ?? error).split('\n')
  const short = lines.map((line) => (line.length > 200 ? `${line.slice(0, 200)}…` : line))
  return short.slice(0, 8).join('\n')
}

function findBySid(root: Element, sid: string): Element | undefined {
  if (root.sid === sid) return root
  for (const child of root.children) {
    const found = typeof child === 'string' ? undefined : findBySid(child, sid)
    if (found) return found
  }
  return undefined
}
