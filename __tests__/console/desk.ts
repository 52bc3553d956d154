/**
 * The merchant's desk: the real console in Chromium, served by the real server. `openDesk()` in
 * beforeAll, `desk.close()` in afterAll; closing fails on any fault the pages reported meanwhile.
 */
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import type { Call } from '@jiyue/contract/client'
import type { ServerFrame, Topic } from '@jiyue/contract/live'
import type { Slot } from '@jiyue/contract/schema/wire'
import { addDays, dayOf } from '@jiyue/contract/time'
import type { Locator, Page } from 'playwright-core'
import { openChromium, PATIENCE_MS } from '../hosts/browser.ts'
import { caller, must, openWorld, signInConsole, signInOwner, until, type World } from '../world.ts'
import { builtConsole } from './built.ts'

/** Building the console cold on two busy cores, then a world and a browser. */
export const OPEN_MS = 300_000

// Several screens a story, on machines that do other things too.
jest.setTimeout(300_000)

export const sizes = {
  counter: { width: 1280, height: 800 },
  tablet: { width: 768, height: 1024 },
}

export interface Desk {
  world: World
  /** The owner over the API. */
  owner: Call
  /** A screen of its own (own storage), nobody signed in, far from the merchant's time zone. */
  screen(size?: keyof typeof sizes): Promise<Page>
  /** A screen on which the owner, or who else is named, is signed in and sees `at`. */
  signedIn(at: string, size?: keyof typeof sizes, name?: string): Promise<Page>
  close(): Promise<void>
}

export async function openDesk(): Promise<Desk> {
  const consoleDir = await builtConsole()
  const world = await openWorld({ consoleDir })
  const { call: owner } = await signInOwner(world)
  const browser = await openChromium()
  const faults: string[] = []

  async function screen(size: keyof typeof sizes = 'counter'): Promise<Page> {
    const context = await browser.newContext({
      viewport: sizes[size],
      hasTouch: size === 'tablet',
      locale: 'zh-CN',
      timezoneId: 'America/New_York',
    })
    context.setDefaultTimeout(PATIENCE_MS)
    const page = await context.newPage()
    page.on('pageerror', (error) => faults.push(error.message))
    page.on('console', (message) => {
      // A refusal is an answer, not a fault: Chromium reports every 4xx by itself.
      const isRefusal = message.text().startsWith('Failed to load resource')
      if (['error', 'warning'].includes(message.type()) && !isRefusal) faults.push(message.text())
    })
    return page
  }

  return {
    world,
    owner,
    screen,
    async signedIn(at, size, name = 'owner') {
      const page = await screen(size)
      const session = await signInConsole(world, name)
      await page.goto(`${world.url}/console/favicon.svg`)
      const state = { session, ended: null, device: session.device }
      await page.evaluate(
        (kept) => localStorage.setItem('jiyue-console-session', kept),
        JSON.stringify({ state, version: 0 }),
      )
      await page.goto(`${world.url}/console${at}`)
      await page.locator('.page h1').waitFor()
      return page
    },
    async close() {
      await browser.close()
      await world.close()
      expect(faults).toEqual([])
    },
  }
}

/** Fills the sign-in form and presses Enter. */
export async function typeIn(page: Page, name: string, password: string): Promise<void> {
  await page.getByLabel('账号').fill(name)
  await page.getByLabel('密码').fill(password)
  await page.keyboard.press('Enter')
}

/**
 * Opens a field's list and takes an option. As a person would, it opens a list again that closed before
 * the option was reached (seen twice on a busy machine, not understood); at last it takes the keyboard.
 */
export async function choose(field: Locator, option: string): Promise<void> {
  const shown = field.page().locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden)')
  const wanted = shown.locator('.ant-select-item').getByText(option, { exact: true }).first()
  for (let tries = 1; tries < 4; tries++) {
    if (!(await shown.first().isVisible())) await field.click()
    const problem = await wanted.click({ timeout: 10_000 }).catch(String)
    if (!problem) return
    process.stdout.write(`「${option}」 was out of reach: ${problem}\n`)
  }
  await field.press('ArrowDown')
  const active = shown.locator('.ant-select-item-option-active')
  await until(`「${option}」 under the keys`, async () => {
    if ((await active.innerText()) === option) return true
    await field.press('ArrowDown')
  })
  await field.press('Enter')
}

/** Points at 撤销, which stays as long, before what else is looked at. */
export const pointAtUndo = (page: Page): Promise<void> => page.locator('.undo').hover()

/** Keeps what a person sees, to be looked at: `shots/<name>-<width>.png`. */
export async function shoot(page: Page, name: string): Promise<void> {
  const folder = path.join(__dirname, 'shots')
  mkdirSync(folder, { recursive: true })
  const file = path.join(folder, `${name}-${page.viewportSize()?.width}.png`)
  // What has begun to move is shown where it ends, so that two runs show the same.
  await page.screenshot({ path: file, animations: 'disabled' })
}

/** Slots of a service that can still be booked, soonest first. */
export async function bookable(world: World, serviceId: string): Promise<Slot[]> {
  const today = dayOf(Date.now())
  const { slots } = await must(caller(world.url), 'listSlots', {
    params: { id: serviceId },
    query: { from: today, to: addDays(today, 13) },
  })
  return slots
    .filter(({ bookableUntil, left }) => Date.parse(bookableUntil) > Date.now() && left > 0)
    .sort((a, b) => Date.parse(a.startsAt) - Date.parse(b.startsAt))
}

export interface Ear {
  frames: { frame: ServerFrame; at: number }[]
  /** The first frame that fits and came after `since` (ms). */
  hears(since: number, fits: (frame: ServerFrame) => boolean): Promise<{ at: number }>
  close(): void
}

/** A stranger's phone on the live socket, following `topics`. */
export async function listen(world: World, topics: Topic[]): Promise<Ear> {
  const socket = new WebSocket(`${world.url.replace('http', 'ws')}/v1/live`)
  const frames: Ear['frames'] = []
  socket.onmessage = ({ data }) => frames.push({ frame: JSON.parse(String(data)), at: Date.now() })
  await new Promise((resolve) => {
    socket.onopen = resolve
  })
  socket.send(JSON.stringify({ type: 'sign_in', token: null }))
  socket.send(JSON.stringify({ type: 'follow', topics }))
  // Frames are answered in order: the pong says that following has begun.
  socket.send(JSON.stringify({ type: 'ping' }))
  await until('pong', async () => frames.some(({ frame }) => frame.type === 'pong'))
  return {
    frames,
    hears: (since, fits) =>
      until('a live frame', async () => frames.find(({ frame, at }) => at >= since && fits(frame))),
    close: () => socket.close(),
  }
}

/**
 * Presses 「重试」 while the line is still cut, and sees that it asks. With the line back the page would
 * read by itself, and the button be gone before it is pressed.
 */
export async function pressRetry(page: Page, url: RegExp): Promise<void> {
  const button = page.getByRole('button', { name: '重试' }).first()
  await Promise.all([page.waitForRequest(url), button.click()])
}

/** Keeps one view at both sizes, and holds that neither lets the page scroll sideways. */
export async function shootBoth(page: Page, name: string): Promise<void> {
  for (const size of [sizes.counter, sizes.tablet]) {
    await page.setViewportSize(size)
    await shoot(page, name)
    const beyond = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    )
    expect(beyond).toBe(0)
  }
  await page.setViewportSize(sizes.counter)
}

/** A person of the demo merchant over the API. */
export async function signInPerson(world: World, name: string): Promise<Call> {
  const { token } = await signInConsole(world, name)
  return caller(world.url, token)
}
