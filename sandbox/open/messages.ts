import { randomUUID } from 'node:crypto'
import type { World } from '../world.ts'
import { OpenRefusal } from './refusal.ts'

type Consent = { id: string; left: number }
type SendRequest = {
  touser?: string
  template_id?: string
  page?: string
  data?: Record<string, { value?: unknown }>
}

/** What a value may be, by the letters its key begins with (facts 5.1). */
const KEYS: Record<string, RegExp> = {
  thing: /^.{1,20}$/u,
  number: /^(?=.{1,32}$)\d+(\.\d+)?$/,
  letter: /^[A-Za-z]{1,32}$/,
  symbol: /^[^\p{L}\p{N}\s]{1,5}$/u,
  character_string: /^[\x20-\x7e]{1,32}$/,
  time: /^(\d{4}(年\d{1,2}月\d{1,2}日|[-/.]\d{1,2}[-/.]\d{1,2}) )?\d{1,2}:\d{2}(:\d{2})?(~.{4,24})?$/,
  date: /^\d{4}(年\d{1,2}月\d{1,2}日|[-/.]\d{1,2}[-/.]\d{1,2})( \d{1,2}:\d{2}(:\d{2})?)?(~.{4,24})?$/,
  amount: /^[^\d\s.]?\d{1,10}(\.\d+)?元?$/,
  phone_number: /^[\d+\-() ]{1,17}$/,
  car_number: /^.{1,8}$/u,
  name: /^(?:[\x20-\x7e]{1,20}|.{1,10})$/u,
  phrase: /^\p{Script=Han}{1,5}$/u,
  enum: /^.{1,20}$/u,
}
const TEMPLATE = /^[\w-]{10,64}$/

/** Subscribe messages of WeChat: one consent is one message (facts 5.1). */
export function makeMessages(world: World) {
  const { keys, people } = world
  const consents = world.store.table<Consent>('wechat.consents')
  const idOf = (openid: string, template: string) => `${openid} ${template}`

  return {
    /** What wx.requestSubscribeMessage does when the person accepts: one more message allowed. */
    consent(person: string, template: string): void {
      const id = idOf(people.openIdOf(keys.mini.appid, person), template)
      consents.put({ id, left: (consents.get(id)?.left ?? 0) + 1 })
    },

    /** POST /cgi-bin/message/subscribe/send */
    send(body: SendRequest): object {
      const { touser = '', template_id: template = '', page, data } = body
      const person = people.personOf(keys.mini.appid, touser)
      if (!person) throw new OpenRefusal(40003, 'invalid openid')
      if (!TEMPLATE.test(template)) throw new OpenRefusal(40037, 'invalid template_id')
      if (page !== undefined && !/^[\w-]+(\/[\w-]+)*(\?\S*)?$/.test(page))
        throw new OpenRefusal(41030, 'invalid page')
      const values = checkData(data)
      const consent = consents.get(idOf(touser, template))
      if (!consent?.left)
        throw new OpenRefusal(43101, `user refuse to accept the msg rid: ${randomUUID()}`)
      consents.put({ ...consent, left: consent.left - 1 })
      const text = values.map(([key, value]) => `${key}: ${value}`).join('\n')
      world.outbox.add({ channel: 'wechat', to: touser, person, template, text, data: body })
      return { errcode: 0, errmsg: 'ok' }
    },
  }
}

export type Messages = ReturnType<typeof makeMessages>

function checkData(data: SendRequest['data']): [string, string][] {
  if (typeof data !== 'object' || data === null || !Object.keys(data).length)
    throw new OpenRefusal(47003, 'argument invalid! data is empty')
  return Object.entries(data).map(([key, item]) => {
    const rule = KEYS[key.replace(/\d+$/, '')]
    const value = item?.value
    const fits = typeof value === 'string' || typeof value === 'number'
    if (!rule || !fits || !rule.test(String(value)))
      throw new OpenRefusal(47003, `argument invalid! data.${key}.value invalid`)
    return [key, String(value)]
  })
}
