import type { FastifyInstance } from 'fastify'
import { webAddress } from '../cashier/back.ts'
import { html, page } from '../html.ts'
import type { World } from '../world.ts'
import type { Codes } from './codes.ts'

type Fields = Record<string, string | undefined>
const HTML = 'text/html; charset=utf-8'

/**
 * The page WeChat's browser shows at open.weixin.qq.com/connect/oauth2/authorize: here the tester
 * types who they are. It goes back to redirect_uri with `code` and the unchanged `state`.
 */
export function serveAuthorize(app: FastifyInstance, world: World, codes: Codes): void {
  const refusal = (fields: Fields): string | undefined => {
    if (fields.appid !== world.keys.web.appid) return 'AppID 参数错误'
    if (fields.response_type !== 'code') return 'response_type 参数错误'
    if (!['snsapi_base', 'snsapi_userinfo'].includes(fields.scope ?? '')) return 'Scope 参数错误'
    return webAddress(fields.redirect_uri) ? undefined : 'redirect_uri 参数错误'
  }
  app.get('/connect/oauth2/authorize', async (request, reply) => {
    const fields = request.query as Fields
    return reply.type(HTML).send(askPage(fields, refusal(fields)))
  })
  app.post('/connect/oauth2/authorize', async (request, reply) => {
    const fields = request.body as Fields
    const refused = refusal(fields) ?? (fields.person ? undefined : '请填写是谁在登录')
    if (refused) return reply.type(HTML).send(askPage(fields, refused))
    const back = new URL(fields.redirect_uri as string)
    back.searchParams.set('code', codes.make('wechatWeb', fields.person as string))
    if (fields.state) back.searchParams.set('state', fields.state)
    return reply.redirect(back.href, 303)
  })
}

function askPage(fields: Fields, refused: string | undefined): string {
  const kept = ['appid', 'redirect_uri', 'response_type', 'scope', 'state'].map(
    (name) => html`<input type="hidden" name="${name}" value="${fields[name]}">`,
  )
  return page(
    '微信网页授权',
    html`<h1 class="center">微信网页授权</h1>
${refused ? html`<section class="card bad" role="alert">${refused}</section>` : ''}
<form class="card" method="post" action="/connect/oauth2/authorize">${kept}
<label for="person">谁在登录（任意名字，同名即同一个微信用户）</label>
<input id="person" name="person" required maxlength="64"><button class="main">同意登录</button></form>`,
  )
}
