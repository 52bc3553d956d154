import type { Admin, Parts, Platform } from '../admin.ts'
import { chinaDay, chinaTime, DAY, HOUR } from '../clock.ts'
import { type Html, html } from '../html.ts'
import { isRefund } from '../wechatPay/billRows.ts'
import { adminPage, badge, empty, hidden } from './frame.ts'
import { plantList } from './plantForm.ts'
import { RAILS } from './words.ts'

/** A row as the page shows it; `state` only where the platform's bill has one. */
type Line = { at: string; no: string; refundNo: string; yuan: string; state: string }

const MOST = 50

/** `/bills?day=`: what both platforms will say of a day, planted differences included. */
export function billsPage(admin: Admin, parts: Parts, asked: string | undefined): string {
  const today = chinaTime(admin.now()).slice(0, 10)
  const day = asked && chinaDay(asked) ? asked : today
  const { from, until } = chinaDay(day) as { from: number; until: number }
  const at = `/bills?day=${day}`
  const isReady = admin.now() >= until + 1 + 9 * HOUR
  const link = (ms: number) => `/bills?day=${chinaTime(ms).slice(0, 10)}`
  const plants = admin.plants()
  return adminPage(
    admin,
    { title: `账单 ${day}`, at },
    html`<h1>账单</h1>
<form class="search" method="get" action="/bills"><label for="day">哪一天（中国时间）</label>
<div class="line"><input id="day" name="day" type="date" value="${day}"><button>查看</button></div></form>
<nav class="chips" aria-label="日期"><a href="${link(from - DAY)}">前一天</a><a href="/bills">今天</a><a href="${link(from + DAY)}">后一天</a></nav>
<p class="soft">${isReady ? '账单已经生成，商户可以下载。' : '账单在次日 09:00（业务时间）生成；下面是到现在为止会写进去的内容。'}</p>
<div class="columns"><div>${rail('wechat', wechatLines(parts, { from, until }), isReady)}</div>
<div>${rail('alipay', alipayLines(parts, { from, until }), isReady)}</div></div>
<h2>埋下的差异</h2>${plants.length ? plantList(plants, at) : empty('没有差异：账单与实际一致。', '在一笔交易的页面里可以让账单漏掉它、重复它、改金额或状态。')}
${strangerForm(day, at)}`,
  )
}

function rail(platform: Platform, lines: Line[], isReady: boolean): Html {
  const back = lines.filter(({ refundNo }) => refundNo)
  const sum = (list: Line[]) =>
    list.reduce((all, { yuan }) => all + Math.abs(Number(yuan)), 0).toFixed(2)
  const paid = lines.filter(({ refundNo }) => !refundNo)
  const state = isReady
    ? { words: '已生成', tone: 'good' as const }
    : { words: '未生成', tone: 'wait' as const }
  return html`<section class="card"><div class="split"><h2 class="first">${RAILS[platform]}</h2>${badge(state)}</div>
<dl><dt>支付</dt><dd>${paid.length} 笔，共 ${sum(paid)} 元</dd><dt>退款</dt><dd>${back.length} 笔，共 ${sum(back)} 元</dd></dl>
${lines.length ? table(lines) : html`<p class="soft">这一天没有交易，账单为空。</p>`}</section>`
}

function table(lines: Line[]): Html {
  const rows = lines
    .slice(0, MOST)
    .map(
      ({ at, no, refundNo, yuan, state }) =>
        html`<tr><td class="num">${at.slice(11)}</td><td>${no}${refundNo ? html`<br><small>退款 ${refundNo}</small>` : ''}${state ? html`<br><small>${state}</small>` : ''}</td><td class="num right">${refundNo ? `-${yuan.replace('-', '')}` : yuan}</td></tr>`,
    )
  return html`<table><thead><tr><th>时间</th><th>订单</th><th class="right">金额</th></tr></thead><tbody>${rows}</tbody></table>
${lines.length > MOST ? html`<p class="soft">共 ${lines.length} 行，只显示前 ${MOST} 行。</p>` : ''}`
}

function wechatLines({ bills }: Parts, day: { from: number; until: number }): Line[] {
  return bills.rowsOf(day, 'ALL').map((row) => ({
    at: row.交易时间 ?? '',
    no: row.商户订单号 ?? '',
    refundNo: isRefund(row) ? (row.商户退款单号 ?? '') : '',
    yuan: (isRefund(row) ? row.申请退款金额 : row.订单金额) ?? '',
    state: (isRefund(row) ? row.退款状态 : row.交易状态) ?? '',
  }))
}

function alipayLines({ alipayBills }: Parts, day: { from: number; until: number }): Line[] {
  return alipayBills.rowsOf(day).map((row) => ({
    at: row.完成时间 ?? '',
    no: (row.商户订单号 ?? '').trim(),
    refundNo: (row['退款批次号/请求号'] ?? '').trim(),
    yuan: row['订单金额（元）'] ?? '',
    state: '',
  }))
}

function strangerForm(day: string, back: string): Html {
  return html`<h2>多出一行</h2><form class="card" method="post" action="/admin/plants">${hidden({ kind: 'stranger', back })}
<div class="pair"><div><label for="platform">平台</label><select id="platform" name="platform"><option value="wechat">微信支付</option><option value="alipay">支付宝</option></select></div>
<div><label for="strangerDay">日期</label><input id="strangerDay" name="day" type="date" required value="${day}"></div>
<div><label for="outTradeNo">商户订单号</label><input id="outTradeNo" name="outTradeNo" required autocomplete="off"></div>
<div><label for="strangerRefund">退款号（空 = 一笔支付）</label><input id="strangerRefund" name="refundNo" autocomplete="off"></div>
<div><label for="strangerYuan">金额（元）</label><input id="strangerYuan" name="yuan" inputmode="decimal" required value="1.00"></div></div>
<button>加进账单</button></form>`
}
