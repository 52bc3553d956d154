import type { Admin } from '../admin.ts'
import { type Html, html } from '../html.ts'
import { adminPage, empty } from './frame.ts'
import { longTime } from './words.ts'

const CHANNELS = { sms: '短信', wechat: '微信订阅消息', alipay: '支付宝消息', mail: '邮件' }
const MOST = 200

/** `/outbox?phone=`: what people would have received, newest first. */
export function outboxPage(admin: Admin, phone: string | undefined): string {
  const messages = admin.outbox(phone)
  const at = phone ? `/outbox?${new URLSearchParams({ phone })}` : '/outbox'
  return adminPage(
    admin,
    { title: '消息', at, refresh: 3 },
    html`<h1>消息</h1><form class="search" method="get" action="/outbox" role="search"><label for="phone">只看这个手机号或收件人</label>
<div class="line"><input id="phone" name="phone" inputmode="tel" value="${phone}"><button>查找</button></div></form>
${messages.length ? html`<div class="grid">${messages.slice(0, MOST).map(messageCard)}</div>` : nothing(phone)}
${messages.length > MOST ? html`<p class="soft center">共 ${messages.length} 条，只显示最近 ${MOST} 条。</p>` : ''}`,
  )
}

function nothing(phone: string | undefined): Html {
  return phone
    ? empty('这个收件人没有消息。', html`<a href="/outbox">看全部消息</a>`)
    : empty('还没有消息。', '在小程序或网页里请求验证码后，短信会出现在这里。')
}

function messageCard(message: ReturnType<Admin['outbox']>[number]): Html {
  const code = /验证码\D{0,4}(\d{4,6})/.exec(message.text)?.[1]
  return html`<article class="card"><div class="split"><span class="soft">${CHANNELS[message.channel]}</span><time class="soft">${longTime(message.at)}</time></div>
<b>${message.person ?? message.to}</b>${code ? html`<div class="code">${code}</div>` : ''}<p class="text">${message.text}</p></article>`
}
