/** The looks of the cashier and of the admin pages, for a phone first. */
const BASE = `
:root{color-scheme:light;--ink:#1d2433;--soft:#5a6478;--line:#e3e7ef;--ground:#f4f6fa;--main:#3b4fc4;--bad:#b3261e}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"PingFang SC","Noto Sans CJK SC",sans-serif}
main{max-width:480px;margin:0 auto;padding:16px 16px calc(24px + env(safe-area-inset-bottom))}
h1{font-size:20px;margin:8px 0 16px}h2{font-size:16px;margin:24px 0 8px}h2.first{margin-top:0}
p{margin:0 0 8px}
.card{background:#fff;border:1px solid var(--line);border-radius:12px;padding:16px;margin:0 0 12px;overflow-wrap:anywhere}
.amount{font-size:40px;font-weight:600;text-align:center;margin:8px 0;font-variant-numeric:tabular-nums}
.center{text-align:center}.soft{color:var(--soft);font-size:14px}.bad{color:var(--bad)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:8px 16px;margin:0;font-size:14px}
dt{color:var(--soft)}dd{margin:0;text-align:right}
button,.button{display:block;width:100%;min-height:48px;margin:8px 0 0;padding:10px 12px;border:1px solid #c4cbd9;border-radius:10px;background:#fff;color:var(--ink);font:inherit;text-align:center;text-decoration:none;cursor:pointer}
button.main{background:var(--main);border-color:var(--main);color:#fff;font-weight:600}
:is(button,a,input,select):focus-visible{outline:3px solid #9aa7ef;outline-offset:2px}
input,select{width:100%;min-width:0;min-height:48px;padding:8px 12px;border:1px solid #c4cbd9;border-radius:8px;font:inherit;color:inherit;background:#fff}
label{display:block;font-size:14px;color:var(--soft);margin:8px 0 4px}
a{color:var(--main)}
.code{font-size:28px;font-weight:600;letter-spacing:2px}
svg.qr,.qr svg{width:200px;height:200px}
`

/** Striped on purpose: nobody should take it for the real platform. */
const MARK = `
.mark{padding:8px 16px;text-align:center;font-size:14px;color:#5b4300;background:repeating-linear-gradient(135deg,#ffe9a8 0 12px,#ffdf80 12px 24px)}
`

const ADMIN = `
main.wide{max-width:1120px;padding-top:0}
.menu{display:flex;margin:0 -16px;padding:0 8px;background:#fff;box-shadow:0 0 0 100vmax #fff,0 1px 0 100vmax var(--line);clip-path:inset(0 -100vmax -1px)}
.menu a{flex:1;display:flex;align-items:center;justify-content:center;min-height:48px;color:var(--ink);text-decoration:none;white-space:nowrap;border-bottom:3px solid transparent}
.menu a[aria-current]{color:var(--main);font-weight:600;border-bottom-color:var(--main)}
.clock{display:flex;flex-wrap:wrap;gap:8px 16px;align-items:center;justify-content:space-between;padding:12px 0;margin-bottom:8px;border-bottom:1px solid var(--line)}
.time{font-size:18px;font-weight:600;font-variant-numeric:tabular-nums}
.clock form{display:flex;gap:8px;flex:1 1 260px;max-width:360px}.clock button{margin:0;padding:8px 4px;white-space:nowrap}
.numbers{display:grid;grid-template-columns:repeat(3,1fr);gap:8px}
.numbers a{display:flex;flex-direction:column;padding:12px;background:#fff;border:1px solid var(--line);border-radius:12px;color:var(--ink);text-decoration:none}
.numbers b{font-size:24px;line-height:1.2;font-variant-numeric:tabular-nums}.numbers span{font-size:14px;color:var(--soft)}
.line{display:flex;gap:8px}.line button{width:auto;margin:0;padding:8px 20px;white-space:nowrap}
.search{margin:0 0 12px}
.chips{display:flex;flex-wrap:wrap;gap:8px;margin:0 0 12px}
.chips a{display:flex;align-items:center;min-height:44px;padding:0 14px;border:1px solid #c4cbd9;border-radius:22px;background:#fff;color:var(--ink);text-decoration:none;font-size:14px;white-space:nowrap}
.chips a[aria-current]{border-color:var(--main);color:var(--main);font-weight:600}
.rows{background:#fff;border:1px solid var(--line);border-radius:12px;overflow:hidden}
.rows a{display:grid;grid-template-columns:1fr max-content;gap:2px 12px;padding:12px 16px;color:inherit;text-decoration:none;border-bottom:1px solid var(--line)}
.rows a:last-child{border-bottom:0}
.rows .rail{grid-row:1;justify-self:start}.rows .when{grid-row:1;font-size:14px;color:var(--soft);font-variant-numeric:tabular-nums}
.rows .what{display:contents}.rows .what b{grid-row:2;font-weight:600;overflow-wrap:anywhere}.rows small{grid-row:3;grid-column:1/-1;color:var(--soft);font-size:13px;overflow-wrap:anywhere}
.rows .sum{grid-row:2;grid-column:2;text-align:right}.rows .marks{grid-column:1/-1;display:flex;flex-wrap:wrap;gap:6px}
.sum{font-weight:600;font-variant-numeric:tabular-nums}
.rail{font-size:14px;font-weight:600}.rail.wechat{color:#0a6b3b}.rail.alipay{color:#0b57a8}
.badge{display:inline-block;padding:1px 8px;border-radius:6px;font-size:13px;font-weight:600;white-space:nowrap;color:#3f4858;background:#e8ebf1}
.badge.good{color:#0b5a33;background:#dcf2e4}.badge.wait{color:#6b4a00;background:#fdeec4}.badge.bad{color:#98201a;background:#fbe0de}
.wide dd{text-align:left}.split+dl,.actions+.soft{margin-top:8px}
.card>label:first-child,.card>input[type=hidden]+label,.card>.pair:first-child label,.card>input[type=hidden]+.pair>div:first-child>label{margin-top:0}
.split{display:flex;align-items:center;justify-content:space-between;gap:12px}
.subject{margin:12px 0 0}.amount.left{text-align:left;font-size:32px;margin:4px 0 12px}
.columns>div+div>h2.first{margin-top:24px}.columns{display:grid;gap:0 24px}.columns>div{min-width:0}
.actions{display:flex;flex-wrap:wrap;gap:8px;margin:12px 0 0}.actions .one{flex:1 1 88px}.actions button{margin:0}
.columns>div>.actions{margin:0 0 12px}
.tries{list-style:none;margin:8px 0 0;padding:0;font-size:14px}
.tries li{display:grid;grid-template-columns:max-content 1fr;gap:0 12px;padding:6px 0;border-top:1px solid var(--line)}.tries span+span{grid-column:1/-1}
.tries time{color:var(--soft);font-variant-numeric:tabular-nums}
.fault{display:flex;align-items:center;justify-content:space-between;gap:12px}.fault>div{min-width:0;overflow-wrap:anywhere}.fault .one button{margin:0;min-width:72px}
.pair{display:grid;gap:0 12px}
.plain{list-style:none;margin:0;padding:0}.plain li{padding:8px 0;border-bottom:1px solid var(--line)}.plain li:first-child{padding-top:0}.plain li:last-child{border-bottom:0}
.empty{text-align:center;color:var(--soft);padding:24px 16px}.empty p{margin:0}.empty p:first-child{color:var(--ink)}.empty a{display:inline-flex;align-items:center;min-height:44px}
.asks{display:none}form:has(option[value=amount]:checked) .asks.amount-of,form:has(option[value=state]:checked) .asks.state-of{display:block}
.grid{display:grid;gap:0 12px}.grid .card{margin-bottom:12px}.text{margin:4px 0 0;white-space:pre-line}
table{width:100%;margin:12px 0 0;border-collapse:collapse;font-size:14px}td,th{padding:8px 4px;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
.num{font-variant-numeric:tabular-nums;white-space:nowrap}td.right,th.right{text-align:right}td small{color:var(--soft);word-break:break-all}
.crumb a{display:inline-flex;align-items:center;min-height:44px}
@media (min-width:720px){
.menu{gap:8px}.menu a{flex:0 0 auto;padding:0 16px}
.numbers{grid-template-columns:repeat(6,1fr)}
.search{max-width:520px}
.tries li{grid-template-columns:max-content max-content 1fr}.tries span+span{grid-column:auto}
.pair{grid-template-columns:1fr 1fr}
.body>.card>button,.body>.card .one button{width:auto;min-width:160px}.body>p>.button{display:inline-block;width:auto;padding:10px 24px}
.grid{grid-template-columns:repeat(auto-fill,minmax(320px,1fr));align-items:start}
.rows a{grid-template-columns:72px minmax(0,1fr) 120px 110px 220px;align-items:center}
.rows a>*{grid-row:1!important}.rows .what{display:block;min-width:0}.rows .what b,.rows .what small{display:block}.rows .marks{grid-column:auto;justify-content:flex-end}.rows .sum{grid-column:4}.rows .when{grid-column:3}
.rows a:hover{background:#f7f8fc}
}
@media (min-width:960px){.columns{grid-template-columns:1fr 1fr}.columns>div+div>h2.first{margin-top:0}}
@media (hover:hover){button:hover,.button:hover,.chips a:hover,.numbers a:hover{border-color:#8f9ab0}}
`

export const STYLE = `${BASE}${MARK}${ADMIN}`
