import type { Admin, Parts } from '../admin.ts'
import { type Html, html, yuan } from '../html.ts'
import { adminPage, badge, empty } from './frame.ts'
import { allTrades, hasOpenNotice, hasOpenRefund, type TradeView } from './view.ts'
import { RAILS, shortTime, TRADE_STATES } from './words.ts'

const MOST = 100
const FILTERS: [key: string, name: string, keep: (trade: TradeView) => boolean][] = [
  ['', '全部', () => true],
  ['open', '待支付', (one) => one.isOpen],
  ['paid', '已支付', (one) => one.isPaid],
  ['refunds', '退款未完', hasOpenRefund],
  ['notices', '通知未达', hasOpenNotice],
]

/** `/trades?q=&only=`: every trade of both platforms, newest first. */
export function tradesPage(
  admin: Admin,
  parts: Parts,
  asked: { q?: string; only?: string },
): string {
  const { q = '', only = '' } = asked
  const all = allTrades(parts)
  const keep = FILTERS.find(([key]) => key === only)?.[2] ?? (() => true)
  const found = all.filter((trade) => keep(trade) && isAbout(trade, q.trim()))
  const at = `/trades?${new URLSearchParams({ ...(q ? { q } : {}), ...(only ? { only } : {}) })}`
  return adminPage(
    admin,
    { title: '交易', at, refresh: 5 },
    html`<h1>交易</h1>
<form class="search" method="get" action="/trades" role="search"><label for="q">订单号、平台单号、退款号或商品</label>
<div class="line"><input id="q" name="q" value="${q}" autocomplete="off">${only ? html`<input type="hidden" name="only" value="${only}">` : ''}<button>查找</button></div></form>
<nav class="chips" aria-label="筛选">${FILTERS.map(([key, name, fits]) => chip(key, name, only, q, all.filter(fits).length))}</nav>
${found.length ? tradeRows(found.slice(0, MOST)) : nothing(all.length)}
${found.length > MOST ? html`<p class="soft center">共 ${found.length} 笔，只显示最近 ${MOST} 笔。</p>` : ''}`,
  )
}

function chip(key: string, name: string, only: string, q: string, count: number): Html {
  const query = new URLSearchParams({ ...(q ? { q } : {}), ...(key ? { only: key } : {}) })
  return html`<a href="/trades?${String(query)}"${key === only ? html` aria-current="true"` : ''}>${name} ${count}</a>`
}

function nothing(count: number): Html {
  return count
    ? empty('没有符合条件的交易。', html`<a href="/trades">看全部 ${count} 笔</a>`)
    : empty('还没有交易。', '在小程序或网页里下单后，订单会出现在这里。')
}

function isAbout(trade: TradeView, q: string): boolean {
  const numbers = [
    trade.no,
    trade.transactionId,
    trade.subject,
    ...trade.refunds.map(({ no }) => no),
  ]
  return !q || numbers.some((one) => one?.includes(q))
}

/** One line of each trade on a wide screen, two on a phone; the whole line opens it. */
export function tradeRows(trades: TradeView[]): Html {
  return html`<div class="rows">${trades.map((trade) => {
    const { platform, no, subject, fen, state, createdAt } = trade
    return html`<a href="/trades/${platform}/${encodeURIComponent(no)}">
<span class="rail ${platform}">${RAILS[platform]}</span><span class="what"><b>${subject}</b><small>${no}</small></span>
<span class="when">${shortTime(createdAt)}</span><span class="sum">${yuan(fen)}</span>
<span class="marks">${badge(TRADE_STATES[state] ?? { words: state, tone: 'calm' })}${extras(trade)}</span></a>`
  })}</div>`
}

/** What still waits for somebody. */
function extras(trade: TradeView): Html[] {
  const refunds = trade.refunds.filter(({ state }) => state === 'PROCESSING').length
  const abnormal = trade.refunds.filter(({ state }) => state === 'ABNORMAL').length
  const notices = trade.notices.filter(({ state }) => state !== 'delivered').length
  return [
    ...(refunds ? [badge({ words: `退款中 ${refunds}`, tone: 'wait' })] : []),
    ...(abnormal ? [badge({ words: `退款异常 ${abnormal}`, tone: 'bad' })] : []),
    ...(notices ? [badge({ words: `通知未达 ${notices}`, tone: 'bad' })] : []),
  ]
}
