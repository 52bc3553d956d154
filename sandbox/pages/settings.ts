import type { Admin } from '../admin.ts'
import { type Html, html } from '../html.ts'
import { adminPage, button, hidden } from './frame.ts'

const MODES = {
  publicKey: '微信支付公钥',
  certificate: '平台证书',
  mixed: '证书与公钥并用（换钥期间）',
}
const KINDS = { publicKey: '公钥', certificate: '平台证书' }

/** `/settings`: WeChat Pay's keys, how fast time runs, the merchant's switches at the platforms. */
export function settingsPage(admin: Admin): string {
  return adminPage(
    admin,
    { title: '设置', at: '/settings' },
    html`<h1>设置</h1><div class="columns"><div><h2 class="first">微信支付的签名密钥</h2>${modeForm(admin)}${keyList(admin)}</div>
<div><h2 class="first">快慢与退款</h2>${paceForm(admin)}<h2>业务时钟</h2>${clockForm(admin)}</div></div>`,
  )
}

function modeForm(admin: Admin): Html {
  const { keyMode, share, seed } = admin.settings()
  const modes = Object.entries(MODES).map(
    ([mode, name]) =>
      html`<option value="${mode}"${mode === keyMode ? html` selected` : ''}>${name}</option>`,
  )
  return html`<form class="card" method="post" action="/admin/settings">${hidden({ back: '/settings' })}
<label for="keyMode">用哪种密钥签名</label><select id="keyMode" name="keyMode">${modes}</select>
<div class="pair"><div><label for="share">新密钥签名的比例 0–1</label><input id="share" name="share" type="number" min="0" max="1" step="any" required value="${share}"></div>
<div><label for="seed">随机种子</label><input id="seed" name="seed" type="number" required value="${seed}"></div></div>
<button class="main">保存</button></form>`
}

function keyList(admin: Admin): Html {
  const keys = admin.keys()
  const cards = keys.map(({ id, kind }) => {
    const others = keys.filter((one) => one.kind === kind).length > 1
    return html`<li class="fault"><div><b>${KINDS[kind]}</b><div class="soft">${id}</div></div>
${others ? button('/admin/keys/retire', '停用', { id, back: '/settings' }) : ''}</li>`
  })
  return html`<section class="card"><ul class="plain">${cards}</ul><div class="actions">
${button('/admin/keys', '签发新证书', { kind: 'certificate', back: '/settings' })}
${button('/admin/keys', '签发新公钥', { kind: 'publicKey', back: '/settings' })}</div>
<p class="soft">新证书只能由 /v3/certificates 得知；新公钥写进 credentials.json。</p></section>`
}

function paceForm(admin: Admin): Html {
  const { speed, refundsApart, refundNotifyUrl } = admin.settings()
  const option = (value: boolean, name: string) =>
    html`<option value="${String(value)}"${value === refundsApart ? html` selected` : ''}>${name}</option>`
  return html`<form class="card" method="post" action="/admin/settings">${hidden({ back: '/settings' })}
<label for="speed">通知重试与退款的加速倍数</label><input id="speed" name="speed" type="number" min="1" step="any" required value="${speed}">
<label for="refundsApart">微信同一订单的两次退款</label><select id="refundsApart" name="refundsApart">${option(true, '须间隔 1 分钟')}${option(false, '不限间隔')}</select>
<label for="refundNotifyUrl">商户后台设置的退款通知地址（空 = 没有）</label><input id="refundNotifyUrl" name="refundNotifyUrl" inputmode="url" value="${refundNotifyUrl}">
<button class="main">保存</button></form>`
}

function clockForm(admin: Admin): Html {
  return html`<form class="card" method="post" action="/admin/clock">${hidden({ back: '/settings' })}
<label for="offsetMs">比真实时间快多少毫秒（签名时间不受影响）</label><input id="offsetMs" name="offsetMs" type="number" required value="${admin.settings().offsetMs}"><button>设置</button></form>
${button('/admin/clock', '回到真实时间', { offsetMs: '0', back: '/settings' })}`
}
