import { alipayTemplates } from '../templates.ts'
import type { World } from '../world.ts'
import { AlipayRefusal } from './refusal.ts'

type Keywords = Record<string, { value?: unknown }>

type Consent = { id: string; left: number }

/** What my.requestSubscribeMessage does when the person subscribes: one more message allowed. */
export function subscribe(world: World, person: string, template: string): void {
  const consents = world.store.table<Consent>('alipay.consents')
  const id = `${world.people.openIdOf(world.keys.alipayAppId, person)} ${template}`
  consents.put({ id, left: (consents.get(id)?.left ?? 0) + 1 })
}

/**
 * alipay.open.app.mini.templatemessage.send: `data` is JSON text (facts 5.2). A template registered
 * for subscribing takes one message per subscription; the code of the refusal is an assumption.
 */
export function sendTemplateMessage(world: World, content: Record<string, unknown>): object {
  const { to_open_id: to, user_template_id: template, page, data } = content
  const person =
    typeof to === 'string' ? world.people.personOf(world.keys.alipayAppId, to) : undefined
  if (!person) throw failed('USER_NOT_EXIST', '用户不存在')
  if (typeof template !== 'string' || !template) throw failed('TEMPLATE_NOT_EXIST', '模板不存在')
  if (typeof page !== 'string' || !page) throw failed('INVALID_PARAMETER', '参数有误：page')
  const values = Object.entries(keywords(data))
  spend(world, to as string, template)
  const text = values.map(([key, { value }]) => `${key}: ${value}`).join('\n')
  world.outbox.add({ channel: 'alipay', to: to as string, person, template, text, data: content })
  return {}
}

function spend(world: World, to: string, template: string): void {
  const isOneTime = Object.values(alipayTemplates(world.keys)).some(({ id }) => id === template)
  if (!isOneTime) return
  const consents = world.store.table<Consent>('alipay.consents')
  const consent = consents.get(`${to} ${template}`)
  if (!consent?.left) throw failed('USER_NOT_SUBSCRIBE', '用户未订阅该消息')
  consents.put({ ...consent, left: consent.left - 1 })
}

function keywords(data: unknown): Keywords {
  try {
    const parsed: unknown = JSON.parse(String(data))
    const values = typeof parsed === 'object' && parsed !== null ? Object.values(parsed) : []
    if (values.length && values.every((one) => typeof one?.value === 'string'))
      return parsed as Keywords
  } catch {
    // Falls through: text that is no JSON and JSON of another shape are refused alike.
  }
  throw failed('INVALID_PARAMETER', '参数有误：data')
}

function failed(subCode: string, message: string): AlipayRefusal {
  return new AlipayRefusal('40004', subCode, message)
}
