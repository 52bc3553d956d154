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

/**
 * A whole page under the sandbox's mark; `refresh` reloads it every so many seconds, but not while
 * somebody types into it.
 */
export function page(title: string, body: Html, refresh?: number): string {
  const { html: text } = html`<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1,viewport-fit=cover">
<title>${title}</title><style>${raw(STYLE)}</style></head>
<body><div class="mark">沙箱环境 · 不会产生真实交易</div><main>${body}</main>
${refresh ? html`<script>${raw(RELOAD)}, ${refresh * 1000})</script>` : ''}</body></html>`
  return text
}

const RELOAD = "setInterval(() => document.activeElement?.tagName === 'INPUT' || location.reload()"

/** The cashier's frame is striped on purpose: nobody should take it for the real one. */
const STYLE = `
:root{color-scheme:light;--ink:#1d2433;--soft:#5a6478;--line:#e3e7ef;--ground:#f4f6fa;--main:#3b4fc4;--bad:#b3261e}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"PingFang SC","Noto Sans CJK SC",sans-serif}
.mark{padding:8px 16px;text-align:center;font-size:14px;color:#5b4300;background:repeating-linear-gradient(135deg,#ffe9a8 0 12px,#ffdf80 12px 24px)}
main{max-width:480px;margin:0 auto;padding:16px 16px calc(24px + env(safe-area-inset-bottom))}
main.wide{max-width:960px}
h1{font-size:20px;margin:8px 0 16px}h2{font-size:16px;margin:24px 0 8px}
.card{background:#fff;border:1px solid var(--line);border-radius:12px;padding:16px;margin:0 0 12px;overflow-wrap:anywhere}
.amount{font-size:40px;font-weight:600;text-align:center;margin:8px 0;font-variant-numeric:tabular-nums}
.center{text-align:center}.soft{color:var(--soft);font-size:14px}.bad{color:var(--bad)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:8px 16px;margin:0;font-size:14px}
dt{color:var(--soft)}dd{margin:0;text-align:right}
button,.button{display:block;width:100%;min-height:48px;margin:8px 0 0;padding:12px;border:1px solid var(--line);border-radius:10px;background:#fff;color:var(--ink);font:inherit;text-align:center;text-decoration:none;cursor:pointer}
button.main{background:var(--main);border-color:var(--main);color:#fff;font-weight:600}
button:focus-visible,a:focus-visible,input:focus-visible,select:focus-visible{outline:3px solid #9aa7ef;outline-offset:2px}
input,select{width:100%;min-height:44px;padding:8px 12px;border:1px solid #c4cbd9;border-radius:8px;font:inherit;background:#fff}
label{display:block;font-size:14px;color:var(--soft);margin:8px 0 0}
a{color:var(--main)}nav a{display:flex;align-items:center;min-height:48px;border-bottom:1px solid var(--line)}nav a:last-child{border:0}
.code{font-size:28px;font-weight:600;letter-spacing:2px}
svg.qr,.qr svg{width:200px;height:200px}
table{width:100%;border-collapse:collapse;font-size:14px}td,th{padding:8px 4px;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
`

/** Fen as the cashier shows it. */
export function yuan(fen: number): string {
  return `¥${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`
}
