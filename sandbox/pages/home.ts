import type { Admin, Parts } from '../admin.ts'
import { html } from '../html.ts'
import { adminPage, empty } from './frame.ts'
import { tradeRows } from './trades.ts'
import { allTrades, hasOpenNotice, hasOpenRefund } from './view.ts'

/** `/`: what is going on, and what waits for somebody. */
export function homePage(admin: Admin, parts: Parts): string {
  const trades = allTrades(parts)
  const numbers: [number, string, string][] = [
    [trades.filter((one) => one.isOpen).length, '待支付', '/trades?only=open'],
    [trades.filter(hasOpenRefund).length, '退款未完', '/trades?only=refunds'],
    [trades.filter(hasOpenNotice).length, '通知未达', '/trades?only=notices'],
    [admin.faults().length, '打开的故障', '/faults'],
    [admin.plants().length, '账单差异', '/bills'],
    [admin.outbox().length, '短信与消息', '/outbox'],
  ]
  return adminPage(
    admin,
    { title: '平台沙箱', at: '/', refresh: 5 },
    html`<h1>平台沙箱</h1>
<p class="soft">微信支付、支付宝、登录、订阅消息与短信的本地替身：真实协议、真实签名、独立密钥，不联网。</p>
<div class="numbers">${numbers.map(([count, name, path]) => html`<a href="${path}"><b>${count}</b><span>${name}</span></a>`)}</div>
<h2>最近的交易</h2>
${trades.length ? tradeRows(trades.slice(0, 8)) : empty('还没有交易。', '在小程序或网页里下单后，订单会出现在这里。')}
<p><a class="button" href="/cashier/wechat/native">收银台：待扫码订单</a></p>`,
  )
}
