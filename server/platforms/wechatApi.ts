/** WeChat's open platform (`api.weixin.qq.com`): unsigned JSON, `errcode` 0 or absent means yes. */
import { type Answer, refused, unknown, yes } from './answer.ts'
import { exchange, isSilent, jsonObject, type Outgoing, type Wire } from './exchange.ts'

export type WechatObject = Record<string, unknown>

export interface WechatApi {
  /** Attempts are the caller's: one where a code is used up or a message goes out, else more. */
  get(path: string, query: Record<string, string>, attempts: number): Promise<Answer<WechatObject>>
  post(
    path: string,
    query: Record<string, string>,
    body: object,
    attempts: number,
  ): Promise<Answer<WechatObject>>
}

export function wechatApi(baseUrl: string, over: Wire): WechatApi {
  async function ask(request: Outgoing, attempts: number): Promise<Answer<WechatObject>> {
    const reply = await exchange({ ...over, attempts }, () => request)
    if (isSilent(reply)) return unknown('no_answer', reply.silence)
    const answer = reply.status === 200 ? jsonObject(reply.body) : null
    if (!answer)
      return unknown(`http_${reply.status}`, `${request.url.pathname} did not answer JSON`)
    const code = Number(answer.errcode ?? 0)
    if (code === 0) return yes(answer)
    const no = LATER.has(code) ? unknown : refused
    return no(String(code), String(answer.errmsg ?? ''))
  }

  const addressOf = (path: string, query: Record<string, string>): URL => {
    const url = new URL(baseUrl.replace(/\/$/, '') + path)
    url.search = new URLSearchParams(query).toString()
    return url
  }

  return {
    get: (path, query, attempts) => ask({ method: 'GET', url: addressOf(path, query) }, attempts),
    post: (path, query, body, attempts) =>
      ask(
        {
          method: 'POST',
          url: addressOf(path, query),
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify(body),
        },
        attempts,
      ),
  }
}

/** Busy, too often in a minute, quota of the day: nothing was decided. */
const LATER = new Set([-1, 45011, 45009])
