import type { Admin, Parts } from '../admin.ts'
import { OF_ONE } from '../faults.ts'
import { type Html, html, yuan } from '../html.ts'
import type { Notice } from '../notices.ts'
import { armedList, faultOptions } from './faults.ts'
import { adminPage, badge, button, empty, facts, hidden } from './frame.ts'
import { plantForm } from './plantForm.ts'
import { oneTrade, type RefundView, type TradeView } from './view.ts'
import {
  EVENTS,
  longTime,
  NOTICE_STATES,
  ORDER_KINDS,
  outcomeWords,
  RAILS,
  REFUND_STATES,
  shortTime,
  TRADE_STATES,
  VARIANTS,
} from './words.ts'

/** `/trades/{platform}/{no}`: one trade with its refunds and notices, and everything to do to it. */
export function tradePage(
  admin: Admin,
  parts: Parts,
  platform: string,
  no: string,
): string | undefined {
  const trade = oneTrade(parts, platform, no)
  if (!trade) return undefined
  const back = `/trades/${platform}/${encodeURIComponent(no)}`
  const armed = admin.faults().filter(({ only }) => only === no)
  return adminPage(
    admin,
    { title: `${trade.subject} · ${no}`, at: back, refresh: 5 },
    html`<p class="crumb"><a href="/trades">← 全部交易</a></p>
<div class="columns"><div>${head(trade)}${actions(trade, back)}
<h2>退款</h2>${trade.refunds.length ? trade.refunds.map((one) => refundCard(trade, one, back)) : empty('没有退款。')}
</div><div><h2 class="first">通知</h2>
${trade.notices.length ? trade.notices.map((one) => noticeCard(admin, one, back)) : empty('还没有通知。', trade.isPaid ? '批量记入的交易不发通知。' : '付款后，平台会把结果通知商户。')}
<h2>只对这笔交易的故障</h2>
${armed.length ? armedList(armed, back) : ''}${faultForm(trade, back)}
${trade.isPaid ? html`<h2>账单差异</h2>${plantForm(admin, trade, back)}` : ''}
</div></div>`,
  )
}

function head(trade: TradeView): Html {
  const { platform, subject, fen, state } = trade
  return html`<section class="card"><div class="split"><span class="rail ${platform}">${RAILS[platform]}</span>
${badge(TRADE_STATES[state] ?? { words: state, tone: 'calm' })}</div>
<h1 class="subject">${subject}</h1><div class="amount left">${yuan(fen)}</div>
${facts([
  ['商户订单号', trade.no],
  ['平台单号', trade.transactionId],
  ['下单方式', ORDER_KINDS[trade.kind] ?? trade.kind],
  ['下单时间', longTime(trade.createdAt)],
  ['支付时间', trade.paidAt === undefined ? undefined : longTime(trade.paidAt)],
  ['支付截止', trade.isPaid ? undefined : longTime(trade.expiresAt)],
  ['付款人', trade.payer],
  ['附加数据', trade.attach],
  ['通知地址', trade.notifyUrl],
  ['平台状态', trade.state],
])}</section>`
}

function actions(trade: TradeView, back: string): Html {
  const fields = { platform: trade.platform, outTradeNo: trade.no, back }
  if (!trade.isPaid)
    return html`<div class="actions">${button('/admin/pay-late', trade.isOpen ? '付款成功' : '迟到的付款到账', fields, 'main')}</div>`
  const gone = trade.refunds.filter(({ state }) => state !== 'CLOSED')
  const left = trade.fen - gone.reduce((sum, one) => sum + one.fen, 0)
  if (left <= 0) return html``
  return html`<form class="card" method="post" action="/admin/refunds/console">${hidden(fields)}
<label for="yuan">商户后台退款（元），最多 ${(left / 100).toFixed(2)}</label>
<div class="line"><input id="yuan" name="yuan" inputmode="decimal" required value="${(left / 100).toFixed(2)}"><button>退款</button></div></form>`
}

const ENDS = { SUCCESS: '退款成功', ABNORMAL: '变为异常', CLOSED: '关闭退款' }

function refundCard(trade: TradeView, refund: RefundView, back: string): Html {
  const buttons = refund.ends.map((state) =>
    button(
      '/admin/refunds/end',
      ENDS[state],
      { platform: trade.platform, refundNo: refund.no, state, back },
      state === 'SUCCESS' ? 'main' : '',
    ),
  )
  return html`<section class="card"><div class="split"><b class="sum">${yuan(refund.fen)}</b>
${badge(REFUND_STATES[refund.state] ?? { words: refund.state, tone: 'calm' })}</div>
${facts([
  ['商户退款号', refund.no],
  ['平台退款号', refund.id],
  ['申请时间', longTime(refund.createdAt)],
  ['结束时间', refund.endedAt === undefined ? undefined : longTime(refund.endedAt)],
])}
${buttons.length ? html`<div class="actions">${buttons}</div>` : ''}</section>`
}

function noticeCard(admin: Admin, notice: Notice, back: string): Html {
  const next = notice.state === 'delivered' ? undefined : admin.nextAt(notice.id)
  return html`<section class="card"><div class="split"><b>${EVENTS[notice.event] ?? notice.event}</b>
${badge(NOTICE_STATES[notice.state] ?? { words: notice.state, tone: 'calm' })}</div>
<div class="soft">已试 ${notice.tries} 次${next === undefined ? '' : `，下次 ${shortTime(next)}`}</div>
<ol class="tries">${notice.log.map((one) => html`<li><time>${shortTime(one.at)}</time><span>${VARIANTS[one.what] ?? one.what}</span><span>${outcomeWords(one.outcome)}</span></li>`)}</ol>
<div class="actions">${button('/admin/notices/resend', '再发一次', { notice: notice.id, back })}</div></section>`
}

/** The faults that fit this trade's platform and can be kept to one trade. */
function faultForm(trade: TradeView, back: string): Html {
  const fits = (call: string) => OF_ONE.test(call) && call.startsWith(`${trade.platform}.`)
  return html`<form class="card" method="post" action="/admin/faults">${hidden({ only: trade.no, back })}
<label for="what">哪个接口出什么错</label><select id="what" name="what">${faultOptions(fits)}</select>
<label for="times">次数（空 = 一直）</label><input id="times" name="times" type="number" min="1" value="1">
<button>打开</button></form>`
}
