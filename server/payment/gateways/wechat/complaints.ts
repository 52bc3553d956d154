/** Consumer complaints of WeChat Pay (complaints-v2): read, answered, completed; notices of them. */
import { z } from 'zod'
import { type Answer, refused, unknown, yes } from '../../../platforms/answer.ts'
import { parseTime } from '../../../platforms/chinaTime.ts'
import { jsonObject } from '../../../platforms/exchange.ts'
import type { ComplaintFact, ComplaintStep, Complaints } from '../gateway.ts'
import type { WechatClient } from './client.ts'
import { envelope, single } from './notice.ts'
import { cleaned } from './text.ts'

const COMPLAINTS = '/v3/merchant-service/complaints-v2'
const ADDRESS = '/v3/merchant-service/complaint-notifications'
const IMAGES = '/v3/merchant-service/images/'
const PAGE = 50
const STEPS = 300

const time = z.string().transform((text, context) => {
  const at = parseTime(text)
  if (at) return at
  context.addIssue({ code: 'custom', message: 'no time' })
  return z.NEVER
})

/** Only what payers sent: pictures of the merchant's own replies are not handed out. */
const media = z
  .object({ media_type: z.string(), media_url: z.array(z.string()).optional() })
  .transform(({ media_url = [] }) => media_url)

const complaint = z.object({
  complaint_id: z.string(),
  complaint_time: time,
  complaint_detail: z.string(),
  complaint_state: z.enum(['PENDING', 'PROCESSING', 'PROCESSED']),
  complainted_mchid: z.string(),
  payer_phone: z.string().optional(),
  complaint_order_info: z
    .array(
      z.object({ transaction_id: z.string(), out_trade_no: z.string(), amount: z.int().min(0) }),
    )
    .optional(),
  incoming_user_response: z.boolean(),
  problem_description: z.string(),
  problem_type: z.string().optional(),
  complaint_media_list: z.array(media).optional(),
})

const page = z.object({ data: z.array(complaint).optional(), total_count: z.int().optional() })

const steps = z.object({
  data: z
    .array(
      z.object({
        log_id: z.string(),
        operate_time: time,
        operate_type: z.string(),
        operate_details: z.string().optional(),
        complaint_media_list: media.optional(),
      }),
    )
    .optional(),
})

const told = z.object({ complaint_id: z.string() })

/** `noticeUrl`: where WeChat is to call. Complaints of another merchant are not ours to read. */
export function wechatComplaints(
  client: WechatClient,
  mchid: string,
  noticeUrl: string,
): Complaints {
  const pathOf = (id: string) => `${COMPLAINTS}/${encodeURIComponent(id)}`

  function factOf(read: z.output<typeof complaint>): ComplaintFact {
    const [order] = read.complaint_order_info ?? []
    return {
      complaintId: read.complaint_id,
      at: read.complaint_time,
      detail: read.complaint_detail,
      problem: read.problem_description,
      state: read.complaint_state,
      tradeNo: order?.out_trade_no ?? null,
      transactionId: order?.transaction_id ?? null,
      amountFen: order?.amount ?? 0,
      refundAsked: read.problem_type === 'REFUND',
      phone: read.payer_phone ? client.openField(read.payer_phone) : null,
      waiting: read.incoming_user_response,
      pictures: (read.complaint_media_list ?? []).flat(),
    }
  }

  return {
    async list(from, to, offset, now) {
      const query = `limit=${PAGE}&offset=${offset}&begin_date=${from}&end_date=${to}`
      const answer = await client.get(`${COMPLAINTS}?${query}`, now)
      if (!answer.ok) return answer
      const read = page.safeParse(answer.value)
      if (!read.success) return unknown('malformed', 'a list of complaints in another form')
      const { data = [], total_count = data.length } = read.data
      const own = data.filter((one) => one.complainted_mchid === mchid)
      return yes({ complaints: own.map(factOf), total: total_count })
    },

    async find(complaintId, now) {
      const answer = await client.get(pathOf(complaintId), now)
      if (!answer.ok) return answer
      const read = complaint.safeParse(answer.value)
      const isIt = read.data?.complaint_id === complaintId && read.data.complainted_mchid === mchid
      if (!read.success || !isIt) return unknown('malformed', 'another complaint than asked for')
      return yes(factOf(read.data))
    },

    async history(complaintId, now) {
      const path = `${pathOf(complaintId)}/negotiation-historys?limit=${STEPS}&offset=0`
      const answer = await client.get(path, now)
      if (!answer.ok) return answer
      const read = steps.safeParse(answer.value)
      if (!read.success) return unknown('malformed', 'a history in another form')
      const list = (read.data.data ?? []).map(
        (one): ComplaintStep => ({
          stepId: one.log_id,
          at: one.operate_time,
          by: sideOf(one.operate_type),
          what: one.operate_type,
          text: one.operate_details ?? '',
          pictures: one.complaint_media_list ?? [],
        }),
      )
      return yes(list.sort((a, b) => a.at.getTime() - b.at.getTime()))
    },

    async picture(address, now) {
      if (!URL.canParse(address) || !new URL(address).pathname.startsWith(IMAGES))
        return refused('malformed', 'a picture at another place than those of complaints')
      return client.download(address, now)
    },

    async reply(complaintId, text, now) {
      const body = { complainted_mchid: mchid, response_content: asSaid(text) }
      return isTold(await client.postOnce(`${pathOf(complaintId)}/response`, body, now))
    },

    asSaid,

    async complete(complaintId, now) {
      const body = { complainted_mchid: mchid }
      return isTold(await client.post(`${pathOf(complaintId)}/complete`, body, now))
    },

    async announce(now) {
      const known = await client.get(ADDRESS, now)
      if (known.ok) return typeof known.value.url === 'string' ? yes(known.value.url) : yes('')
      if (known.code !== 'RESOURCE_NOT_EXISTS') return known
      const made = await client.post(ADDRESS, { url: noticeUrl }, now)
      return made.ok ? yes(noticeUrl) : made
    },

    async readNotice(headers, rawBody, now) {
      const doubt = await client.disbelieve((name) => single(headers, name), rawBody, now)
      if (doubt) return { ok: false, reason: doubt }
      const read = envelope.safeParse(jsonObject(rawBody))
      if (!read.success) return { ok: false, reason: 'malformed' }
      if (!read.data.event_type.startsWith('COMPLAINT.'))
        return { ok: false, reason: 'other_event' }
      const plain = client.open(read.data.resource)
      if (plain === null) return { ok: false, reason: 'bad_seal' }
      const about = told.safeParse(jsonObject(plain))
      if (!about.success) return { ok: false, reason: 'malformed' }
      return { ok: true, complaintId: about.data.complaint_id }
    },
  }
}

const asSaid = (text: string) => cleaned(text, 200)

function isTold(answer: Answer<unknown>): Answer<'told'> {
  return answer.ok ? yes('told') : answer
}

function sideOf(what: string): ComplaintStep['by'] {
  if (what.endsWith('SYSTEM_MESSAGE')) return 'platform'
  if (what.startsWith('USER_')) return 'payer'
  return what.startsWith('MERCHANT_') ? 'merchant' : 'platform'
}
