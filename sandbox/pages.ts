import type { FastifyInstance } from 'fastify'
import type { Admin } from './admin.ts'
import { type Armed, FAULTS } from './faults.ts'
import { FAULT_WORDS } from './faultWords.ts'
import { html, page } from './html.ts'

const HTML = 'text/html; charset=utf-8'
const CHANNELS = { sms: '短信', wechat: '微信订阅消息', alipay: '支付宝消息' }
const NOTICE_STATES = {
  waiting: '等待重试',
  held: '暂缓发送',
  delivered: '已送达',
  'given up': '已放弃',
}
const MODES = { publicKey: '微信支付公钥', certificate: '平台证书', mixed: '随机混用（换钥期间）' }

/** The sandbox's own pages: index, outbox, faults, trades. */
export function servePages(app: FastifyInstance, admin: Admin): void {
  app.get('/', async (_request, reply) => reply.type(HTML).send(indexPage()))
  app.get('/outbox', async (request, reply) => {
    const { phone } = request.query as { phone?: string }
    return reply.type(HTML).send(outboxPage(admin, phone))
  })
  app.get('/faults', async (_request, reply) => reply.type(HTML).send(faultsPage(admin)))
  app.get('/trades', async (_request, reply) => reply.type(HTML).send(tradesPage(admin)))
}

function indexPage(): string {
  return page(
    '平台沙箱',
    html`<h1>平台沙箱</h1>
<p class="soft">微信支付、支付宝、登录、订阅消息与短信的本地替身：真实协议、真实签名、独立密钥，不联网。</p>
<nav class="card"><a href="/outbox">发件箱：短信与消息</a>
<a href="/cashier/wechat/native">收银台：待扫码订单</a>
<a href="/trades">交易与通知</a><a href="/faults">故障开关与时钟</a></nav>`,
  )
}

function outboxPage(admin: Admin, phone: string | undefined): string {
  const cards = admin.outbox(phone).slice(0, 200).map(messageCard)
  return page(
    '发件箱',
    html`<h1>发件箱</h1><form method="get" action="/outbox"><label for="phone">只看这个手机号或收件人</label>
<input id="phone" name="phone" inputmode="tel" value="${phone}"></form><h2>最新在前，每 3 秒刷新</h2>
${cards.length ? cards : html`<section class="card">还没有消息。在小程序或网页里请求验证码后，短信会出现在这里。</section>`}`,
    3,
  )
}

function messageCard(message: ReturnType<Admin['outbox']>[number]) {
  const code = /验证码\D{0,4}(\d{4,6})/.exec(message.text)?.[1]
  return html`<article class="card"><div class="soft">${CHANNELS[message.channel]} · ${message.person ?? message.to} · ${localTime(message.at)}</div>
${code ? html`<div class="code">${code}</div>` : ''}<div>${message.text}</div></article>`
}

function faultsPage(admin: Admin): string {
  const { keyMode, speed, offsetMs } = admin.settings()
  const armed = admin.faults()
  return page(
    '故障开关与时钟',
    html`<h1>故障开关与时钟</h1><section class="card">
${armed.length ? armed.map(armedLine) : '没有打开的故障'}
<form method="post" action="/admin/faults/clear"><button>全部关闭</button></form></section>
<h2>打开一个故障</h2>${faultForm()}
<h2>签名密钥</h2><form class="card" method="post" action="/admin/settings"><label for="keyMode">微信支付用哪把密钥签名</label>
<select id="keyMode" name="keyMode">${Object.entries(MODES).map(([mode, name]) => html`<option value="${mode}" ${mode === keyMode ? 'selected' : ''}>${name}</option>`)}</select>
<label for="speed">通知重试与退款的加速倍数</label><input id="speed" name="speed" type="number" min="1" value="${speed}"><button>保存</button></form>
<h2>业务时钟</h2><form class="card" method="post" action="/admin/clock"><label for="offsetMs">比真实时间快多少毫秒（签名时间不受影响）</label>
<input id="offsetMs" name="offsetMs" type="number" value="${offsetMs}"><button>设置</button></form>`,
  )
}

function armedLine({ call, fault, left, rate, seed, only, seen, struck }: Armed) {
  const times = left === null ? '一直' : `还剩 ${left} 次`
  const share = rate < 1 ? html` · ${Math.round(rate * 1000) / 10} %（种子 ${seed}）` : ''
  return html`<div>${call} · ${FAULT_WORDS[fault] ?? fault} · ${times}${share}
${only ? html` · 只对 ${only}` : ''} · 命中 ${struck} / ${seen}</div>`
}

/** One list for all calls: what is chosen goes to the admin endpoint as `call fault`. */
function faultForm() {
  const groups = Object.entries(FAULTS).map(
    ([call, faults]) =>
      html`<optgroup label="${call}">${faults.map(
        (fault) => html`<option value="${call} ${fault}">${FAULT_WORDS[fault] ?? fault}</option>`,
      )}</optgroup>`,
  )
  return html`<form class="card" method="post" action="/admin/faults">
<label for="what">哪个接口出什么错</label><select id="what" name="what">${groups}</select>
<label for="times">次数（空 = 一直）</label><input id="times" name="times" type="number" min="1" value="1">
<label for="rate">比例 0–1（空 = 每次）</label><input id="rate" name="rate" type="number" min="0" max="1" step="any">
<label for="seed">随机种子（同一种子命中同样的调用）</label><input id="seed" name="seed" type="number" value="1">
<label for="only">只对这个订单号或退款号（空 = 全部）</label><input id="only" name="only">
<button class="main">打开</button></form>`
}

function tradesPage(admin: Admin): string {
  const { wechat, alipay } = admin.trades()
  const rows = [
    ...wechat.map((one) => ({
      id: one.out_trade_no,
      what: '微信',
      amount: (one.amount.total / 100).toFixed(2),
      state: one.trade_state,
      refunds: one.refunds.length,
    })),
    ...alipay.map((one) => ({
      id: one.out_trade_no,
      what: '支付宝',
      amount: one.total_amount,
      state: one.trade_status,
      refunds: one.refunds.length,
    })),
  ]
  return page(
    '交易与通知',
    html`<h1>交易</h1><section class="card"><table><tr><th>平台</th><th>订单号</th><th>金额</th><th>状态</th><th>退款</th></tr>
${rows.slice(0, 200).map((row) => html`<tr><td>${row.what}</td><td>${row.id}</td><td>${row.amount}</td><td>${row.state}</td><td>${row.refunds}</td></tr>`)}</table>
${rows.length ? '' : '还没有交易'}</section><h1>通知</h1>
${admin
  .notices()
  .slice(0, 100)
  .map(
    (
      notice,
    ) => html`<section class="card"><div>${notice.event} · ${notice.subject} · ${NOTICE_STATES[notice.state]}</div>
<div class="soft">${notice.url}</div>${notice.log.map((one) => html`<div class="soft">${localTime(one.at)} ${one.what}：${one.outcome}</div>`)}</section>`,
  )}`,
    5,
  )
}

function localTime(iso: string): string {
  return new Date(iso).toLocaleString('zh-CN', { timeZone: 'Asia/Shanghai', hour12: false })
}
