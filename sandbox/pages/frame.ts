import type { Admin } from '../admin.ts'
import { type Html, html, page } from '../html.ts'
import { longTime, type Said, span } from './words.ts'

const MENU = [
  ['/', '首页'],
  ['/trades', '交易'],
  ['/bills', '账单'],
  ['/faults', '故障'],
  ['/outbox', '消息'],
  ['/settings', '设置'],
] as const

const STEPS = [
  [60_000, '+1 分钟'],
  [600_000, '+10 分钟'],
  [86_400_000, '+1 天'],
] as const

export type Frame = {
  title: string
  /** The page's own address: buttons come back to it. */
  at: string
  /** Seconds between two reloads; without it the page stands still. */
  refresh?: number
}

/** An admin page: menu, business clock with its buttons, and what the page is about. */
export function adminPage(admin: Admin, frame: Frame, body: Html): string {
  const section = frame.at.split('?')[0]?.split('/')[1] ?? ''
  const links = MENU.map(([path, name]) => {
    const here = path.slice(1) === section
    return html`<a href="${path}"${here ? html` aria-current="page"` : ''}>${name}</a>`
  })
  const whole = html`<nav class="menu" aria-label="沙箱">${links}</nav>
${clockBar(admin, frame.at)}
<div class="body">${body}</div>`
  return page(frame.title, whole, { wide: true, ...pick(frame.refresh) })
}

function pick(refresh: number | undefined) {
  return refresh === undefined ? {} : { refresh }
}

function clockBar(admin: Admin, back: string): Html {
  const { offsetMs, speed } = admin.settings()
  const away =
    offsetMs === 0 ? '与真实时间一致' : `比真实时间${offsetMs > 0 ? '快' : '慢'} ${span(offsetMs)}`
  const steps = STEPS.map(
    ([ms, name]) =>
      html`<button name="ms" value="${ms}" aria-label="业务时间${name}">${name}</button>`,
  )
  return html`<section class="clock"><div><div class="soft">业务时间</div>
<div class="time">${longTime(admin.now())}</div>
<div class="soft">${away}${speed > 1 ? `，重试与退款加速 ${speed} 倍` : ''}</div></div>
<form method="post" action="/admin/advance"><input type="hidden" name="back" value="${back}">${steps}</form></section>`
}

/** A state in a coloured mark; the words carry the meaning, the colour repeats it. */
export function badge({ words, tone }: Said): Html {
  return html`<span class="badge ${tone}">${words}</span>`
}

/** One button that does one thing and comes back. */
export function button(
  action: string,
  label: string,
  fields: Record<string, string>,
  look: '' | 'main' | 'danger' = '',
): Html {
  return html`<form class="one" method="post" action="${action}">${hidden(fields)}
<button class="${look}">${label}</button></form>`
}

export function hidden(fields: Record<string, string>): Html[] {
  return Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )
}

/** Names and values; rows without a value are left out. */
export function facts(rows: [name: string, value: Html | string | undefined][]): Html {
  const given = rows.filter(([, value]) => value !== undefined && value !== '')
  return html`<dl>${given.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`
}

/** What stands where a list would be: what is missing, and how it comes to be. */
export function empty(words: string, hint: Html | string = ''): Html {
  return html`<section class="card empty"><p>${words}</p>${hint ? html`<p class="soft">${hint}</p>` : ''}</section>`
}
