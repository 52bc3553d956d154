import { type Html, html, page, yuan } from '../html.ts'

/** What the cashier shows of an order of either platform. */
export type Bill = {
  platform: '微信支付' | '支付宝'
  totalFen: number
  subject: string
  number: string
  note?: string
}

/** The cashier: amount, order, three ways to end it. `hidden` travels with the button. */
export function cashierPage(bill: Bill, action: string, hidden: Record<string, string>): string {
  const fields = Object.entries(hidden).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )
  return page(
    `沙箱收银台 · ${bill.platform}`,
    html`<h1 class="center">沙箱收银台 · ${bill.platform}</h1>
<section class="card"><div class="center soft">${bill.subject}</div>
<div class="amount">${yuan(bill.totalFen)}</div>
<dl><dt>收款方</dt><dd>沙箱商户</dd><dt>商户订单号</dt><dd>${bill.number}</dd>
${bill.note ? html`<dt>说明</dt><dd>${bill.note}</dd>` : ''}</dl></section>
<form method="post" action="${action}">${fields}
<button class="main" name="outcome" value="pay">确认支付</button>
<button name="outcome" value="cancel">取消</button>
<button name="outcome" value="fail">模拟失败</button></form>`,
  )
}

/** After the button, when there is no page of the merchant to go back to. */
export function resultPage(title: string, text: string): string {
  return page(
    title,
    html`<h1 class="center">${title}</h1><section class="card center">${text}
<p class="soft">请返回商户页面查看结果</p></section>`,
  )
}

/** The cashier does not open: the reason, in one sentence. */
export function refusedPage(reason: string): string {
  return page(
    '沙箱收银台',
    html`<h1 class="center">无法支付</h1>
<section class="card"><p class="bad" role="alert">${reason}</p>
<p class="soft">这是沙箱收银台：真实平台在同样情况下也会拒绝。</p></section>`,
  )
}

/** Open native orders: a phone cannot scan weixin:// codes of a sandbox, so they are opened here. */
export function nativeListPage(rows: { id: string; bill: Bill; qr: Html }[]): string {
  const cards = rows.map(
    ({ id, bill, qr }) => html`<section class="card center"><div class="qr">${qr}</div>
<div class="amount">${yuan(bill.totalFen)}</div><div>${bill.subject}</div>
<div class="soft">${bill.number}</div>
<a class="button" href="/cashier/wechat/native/${id}">打开付款</a></section>`,
  )
  return page(
    '待扫码订单',
    html`<h1>待扫码订单</h1>${cards.length ? cards : html`<section class="card">没有待支付的扫码订单。在电脑端选择微信支付后，订单会出现在这里。</section>`}`,
    { refresh: 5 },
  )
}
