import type { FastifyReply, FastifyRequest } from 'fastify'
import { html, page } from './html.ts'

export type Fields = Record<string, unknown>

/** Fields of a JSON body or of a form. */
export function fieldsOf(request: FastifyRequest): Fields {
  return (request.body as Fields | undefined) ?? {}
}

/** The platform a request names, or undefined when it names none. */
export function platformOf(fields: Fields): 'wechat' | 'alipay' | undefined {
  const { platform } = fields
  return platform === 'wechat' || platform === 'alipay' ? platform : undefined
}

/** A program reads why not; a person gets a page with the sentence and the way back. */
export function refuse(
  request: FastifyRequest,
  reply: FastifyReply,
  error: string,
  words = '填写的内容不对，没有执行。',
) {
  reply.code(400)
  if (!isForm(request)) return reply.send({ error })
  const body = html`<h1>没有执行</h1><section class="card"><p role="alert">${words}</p>
<p class="soft">${error}</p><a class="button" href="${backOf(request) ?? '/'}">返回</a></section>`
  return reply.type('text/html; charset=utf-8').send(page('没有执行', body))
}

/** A form goes back to the page it names, else to its usual one; a program gets the answer. */
export function done(request: FastifyRequest, reply: FastifyReply, usual: string, answer: object) {
  return isForm(request) ? reply.redirect(backOf(request) ?? usual, 303) : reply.send(answer)
}

export function isForm(request: FastifyRequest): boolean {
  const type = request.headers['content-type']
  return type?.startsWith('application/x-www-form-urlencoded') ?? false
}

/** A path of our own; an address elsewhere is not followed. */
function backOf(request: FastifyRequest): string | undefined {
  const { back } = fieldsOf(request)
  return typeof back === 'string' && /^\/(?![/\\])/.test(back) ? back : undefined
}
