import { STYLE } from './style.ts'

/** Pages of the sandbox. `html` escapes whatever is put in, unless it is HTML made by itself. */
export type Html = { readonly html: string }
type Value = string | number | Html | Value[] | undefined | false

export function html(strings: TemplateStringsArray, ...values: Value[]): Html {
  return { html: strings.reduce((text, part, at) => text + show(values[at - 1]) + part) }
}

/** Text that is HTML already, such as a drawn QR code. */
export function raw(text: string): Html {
  return { html: text }
}

function show(value: Value): string {
  if (value === undefined || value === false) return ''
  if (Array.isArray(value)) return value.map(show).join('')
  if (typeof value === 'object') return value.html
  return String(value).replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`)
}

export type PageOptions = {
  /** Reloads every so many seconds, but not once somebody has begun to fill something in. */
  refresh?: number
  /** For the admin pages; the cashier is as narrow as a phone. */
  wide?: boolean
}

/** A whole page under the sandbox's mark. */
export function page(title: string, body: Html, options: PageOptions = {}): string {
  const { refresh, wide } = options
  const { html: text } = html`<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1,viewport-fit=cover">
<title>${title}</title><style>${raw(STYLE)}</style></head>
<body><div class="mark">沙箱环境 · 不会产生真实交易</div><main${wide ? raw(' class="wide"') : ''}>${body}</main>
${refresh ? html`<script>${raw(RELOAD)}, ${refresh * 1000})</script>` : ''}</body></html>`
  return text
}

const RELOAD =
  "let begun; addEventListener('input', () => { begun = true });" +
  'setInterval(() => begun || document.hidden || location.reload()'

/** Fen as the cashier shows it. */
export function yuan(fen: number): string {
  return `¥${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`
}
