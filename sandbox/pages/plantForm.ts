import type { Admin } from '../admin.ts'
import { type Html, html } from '../html.ts'
import type { Planted } from '../plants.ts'
import { PAID_WORDS, REFUND_WORDS } from '../wechatPay/billRows.ts'
import { button, hidden } from './frame.ts'
import type { TradeView } from './view.ts'
import { RAILS } from './words.ts'

/** The ways a trade's rows in the next bills can differ from what happened. */
export function plantForm(admin: Admin, trade: TradeView, back: string): Html {
  const mine = admin
    .plants()
    .filter((one) => one.platform === trade.platform && one.outTradeNo === trade.no)
  const states = [...new Set([...PAID_WORDS, ...Object.values(REFUND_WORDS)])]
  const state = html`<div class="asks state-of"><label for="state">账单里的状态</label>
<select id="state" name="state">${states.map((word) => html`<option>${word}</option>`)}</select></div>`
  const rows = html`<option value="">这笔支付</option>${trade.refunds.map(({ no }) => html`<option value="${no}">退款 ${no}</option>`)}`
  return html`${mine.length ? plantList(mine, back) : ''}
<form class="card" method="post" action="/admin/plants">${hidden({ platform: trade.platform, outTradeNo: trade.no, back })}
<label for="refundNo">账单里的哪一行</label><select id="refundNo" name="refundNo">${rows}</select>
<label for="kind">怎么不同</label><select id="kind" name="kind"><option value="drop">漏掉</option><option value="twice">出现两次</option>
<option value="amount">金额不同</option>${trade.platform === 'wechat' ? html`<option value="state">状态不同</option>` : ''}</select>
<div class="asks amount-of"><label for="plantYuan">账单里的金额（元）</label><input id="plantYuan" name="yuan" inputmode="decimal" value="${(trade.fen / 100).toFixed(2)}"></div>
${trade.platform === 'wechat' ? state : ''}<button>埋下差异</button></form>`
}

const KINDS: Record<Planted['kind'], string> = {
  drop: '漏掉',
  twice: '出现两次',
  amount: '金额不同',
  state: '状态不同',
  stranger: '多出一行',
}

export function plantList(plants: Planted[], back: string): Html {
  return html`<section class="card"><ul class="plain">${plants.map((one) => {
    const which = one.refundNo ? `${one.outTradeNo} 的退款 ${one.refundNo}` : one.outTradeNo
    return html`<li><b>${KINDS[one.kind]}</b> ${RAILS[one.platform]} ${which}${detail(one)}</li>`
  })}</ul>${button('/admin/plants/clear', '清除全部差异', { back })}</section>`
}

function detail(one: Planted): string {
  if (one.kind === 'amount') return `，显示 ${(one.fen / 100).toFixed(2)} 元`
  if (one.kind === 'state') return `，显示 ${one.state}`
  return one.kind === 'stranger' ? `，${one.day}，${(one.fen / 100).toFixed(2)} 元` : ''
}
