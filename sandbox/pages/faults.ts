import type { Admin } from '../admin.ts'
import { type Armed, DEFAULT_SEED, FAULTS } from '../faults.ts'
import { CALL_WORDS, FAULT_WORDS } from '../faultWords.ts'
import { type Html, html } from '../html.ts'
import { adminPage, button, empty, hidden } from './frame.ts'

/** `/faults`: what goes wrong now, and a form for one more. */
export function faultsPage(admin: Admin): string {
  const armed = admin.faults()
  return adminPage(
    admin,
    { title: '故障', at: '/faults', refresh: 5 },
    html`<h1>故障</h1><div class="columns"><div><h2 class="first">打开的故障</h2>
${armed.length ? html`${armedList(armed, '/faults')}${button('/admin/faults/clear', '全部关闭', { back: '/faults' })}` : empty('没有打开的故障。', '平台现在按规矩办事。')}
</div><div><h2 class="first">打开一个故障</h2>${faultForm()}</div></div>`,
  )
}

/** Armed faults, each with the button that ends it. */
export function armedList(armed: Armed[], back: string): Html[] {
  return armed.map(({ id, call, fault, left, rate, seed, only, seen, struck }) => {
    const times = left === null ? '一直' : `还剩 ${left} 次`
    const share = rate < 1 ? `${Math.round(rate * 1000) / 10} %（种子 ${seed}）` : '每次'
    return html`<section class="card fault"><div><b>${CALL_WORDS[call] ?? call}：${FAULT_WORDS[fault] ?? fault}</b><div class="soft">${times} · ${share}${only ? html` · 只对 ${only}` : ''}</div>
<div class="soft">命中 ${struck} / ${seen} 次调用</div></div>${button('/admin/faults/clear', '关闭', { id, back })}</section>`
  })
}

/** The faults of the calls that `fits`; the choice goes to the admin endpoint as `call fault`. */
export function faultOptions(fits: (call: string) => boolean = () => true): Html[] {
  return Object.entries(FAULTS)
    .filter(([call]) => fits(call))
    .map(
      ([call, faults]) =>
        html`<optgroup label="${CALL_WORDS[call] ?? call}">${faults.map(
          (fault) =>
            html`<option value="${call} ${fault}">${CALL_WORDS[call] ?? call}：${FAULT_WORDS[fault] ?? fault}</option>`,
        )}</optgroup>`,
    )
}

function faultForm(): Html {
  return html`<form class="card" method="post" action="/admin/faults">${hidden({ back: '/faults' })}
<label for="what">哪个接口出什么错</label><select id="what" name="what">${faultOptions()}</select>
<div class="pair"><div><label for="times">次数（空 = 一直）</label><input id="times" name="times" type="number" min="1" value="1"></div>
<div><label for="rate">比例 0–1（空 = 每次）</label><input id="rate" name="rate" type="number" min="0" max="1" step="any"></div>
<div><label for="seed">随机种子</label><input id="seed" name="seed" type="number" value="${DEFAULT_SEED}"></div>
<div><label for="only">只对订单号或退款号</label><input id="only" name="only" autocomplete="off"></div></div>
<button class="main">打开</button></form>`
}
