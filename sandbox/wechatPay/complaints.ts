import { constants, publicEncrypt, randomUUID } from 'node:crypto'
import { rfc3339 } from '../clock.ts'
import type { Notices } from '../notices.ts'
import { digits } from '../numbers.ts'
import type { World } from '../world.ts'
import { IMAGES, makePictures } from './complaintPictures.ts'
import { notifyUrl, read, text } from './fields.ts'
import type { V3Request, V3Route } from './gate.ts'
import { dayIn, whole } from './listQuery.ts'
import type { Orders } from './orders.ts'
import { paramError, Refusal } from './refusal.ts'

/** Consumer complaints of WeChat Pay, version 2 (merchant-service/complaints-v2). Times in milliseconds. */
export type Complaint = {
  id: string
  at: number
  detail: string
  problem: string
  type: 'REFUND' | 'SERVICE_NOT_WORK' | 'OTHERS'
  order: string
  phone?: string
  state: 'PENDING' | 'PROCESSING' | 'PROCESSED'
  /** The person wrote last. */
  waiting: boolean
  times: number
  /** Ids of pictures filed with it. */
  pictures: string[]
  history: Step[]
}

type Step = {
  id: string
  at: number
  operator: string
  what: string
  details?: string
  pictures?: string[]
}

type Address = { id: 'address'; url: string }

/** What a payer writes in WeChat. */
export type Filing = {
  detail: string
  problem?: string
  type?: Complaint['type']
  phone?: string
  pictures?: readonly Buffer[]
}

const PATH = '/v3/merchant-service/complaints-v2'
const ONE = /^\/v3\/merchant-service\/complaints-v2\/([^/]+)$/

export type Complaints = ReturnType<typeof makeComplaints>

export function makeComplaints(world: World, orders: Orders, notices: Notices) {
  const { clock, store } = world
  const table = store.table<Complaint>('wechat.complaints')
  const addresses = store.table<Address>('wechat.complaintAddress')
  const pictures = makePictures(world)

  /** A payer complains about a paid order; undefined when there is none such. */
  const file = (outTradeNo: string, filing: Filing): Complaint | undefined => {
    const order = orders.get(outTradeNo)
    if (!order?.transactionId) return undefined
    const at = clock.now()
    const complaint: Complaint = {
      id: `2000${digits(20)}`,
      at,
      detail: filing.detail,
      problem: filing.problem ?? '服务态度差',
      type: filing.type ?? 'OTHERS',
      order: outTradeNo,
      ...(filing.phone && { phone: filing.phone }),
      state: 'PENDING',
      waiting: true,
      times: 1,
      pictures: pictures.keep(filing.pictures ?? []),
      history: [step(at, '投诉人', 'USER_CREATE_COMPLAINT', filing.detail)],
    }
    table.put(complaint)
    tell(complaint, 'CREATE_COMPLAINT')
    return complaint
  }

  /** The payer writes more; false when there is none such. */
  const say = (id: string, words: string, files: readonly Buffer[] = []): boolean => {
    const known = table.get(id)
    if (!known) return false
    const isOver = known.state === 'PROCESSED'
    const what = isOver ? 'USER_CONTINUE_COMPLAINT' : 'USER_RESPONSE'
    const complaint: Complaint = {
      ...known,
      state: isOver ? 'PENDING' : known.state,
      waiting: true,
      times: known.times + (isOver ? 1 : 0),
      history: [...known.history, step(clock.now(), '投诉人', what, words, pictures.keep(files))],
    }
    table.put(complaint)
    tell(complaint, isOver ? 'CONTINUE_COMPLAINT' : 'USER_RESPONSE')
    return true
  }

  /** The payer takes it back; false when there is none such, or it is over. */
  const revoke = (id: string): boolean => {
    const known = table.get(id)
    if (!known || known.state === 'PROCESSED') return false
    const complaint: Complaint = {
      ...known,
      state: 'PROCESSED',
      waiting: false,
      history: [...known.history, step(clock.now(), '投诉人', 'USER_REVOKE_COMPLAINT')],
    }
    table.put(complaint)
    tell(complaint, 'USER_REVOKE_COMPLAINT')
    return true
  }

  /** Somebody of the merchant answers, or completes, in WeChat's own pages. */
  const answerHere = (id: string, words: string | null): void => {
    const body = { complainted_mchid: world.keys.mchid }
    if (words === null) complete(id, body)
    else respond(id, { ...body, response_content: words })
  }

  const tell = ({ id, order }: Complaint, action: string) => {
    const address = addresses.get('address')
    if (!address) return
    notices.send({
      id: randomUUID(),
      platform: 'wechat',
      url: address.url,
      event: action === 'CREATE_COMPLAINT' ? 'COMPLAINT.CREATE' : 'COMPLAINT.STATE_CHANGE',
      subject: order,
      about: [order, id],
      content: JSON.stringify({ complaint_id: id, action_type: action }),
    })
  }

  const find = (id: string): Complaint => {
    const complaint = table.get(id)
    if (!complaint) throw new Refusal(400, 'PARAM_ERROR', '投诉单不存在')
    return complaint
  }

  const view = (complaint: Complaint): object => {
    const order = orders.find(complaint.order)
    return {
      complaint_id: complaint.id,
      complaint_time: rfc3339(complaint.at),
      complaint_detail: complaint.detail,
      complaint_state: complaint.state,
      complainted_mchid: world.keys.mchid,
      ...(complaint.phone && { payer_phone: forMerchant(world, complaint.phone) }),
      complaint_order_info: [
        {
          transaction_id: order.transactionId,
          out_trade_no: order.id,
          amount: order.request.amount.total,
        },
      ],
      complaint_full_refunded: false,
      incoming_user_response: complaint.waiting,
      user_complaint_times: complaint.times,
      problem_description: complaint.problem,
      problem_type: complaint.type,
      ...(complaint.pictures.length > 0 && {
        complaint_media_list: [pictures.media('USER_COMPLAINT_IMAGE', complaint.pictures)],
      }),
      ...(complaint.type === 'REFUND' && { apply_refund_amount: order.request.amount.total }),
    }
  }

  const list = (query: URLSearchParams): object => {
    const [limit, offset] = [whole(query, 'limit', 10, 1, 50), whole(query, 'offset', 0, 0, 1e9)]
    const [from, to] = [dayIn(query, 'begin_date'), dayIn(query, 'end_date')]
    const found = table
      .all()
      .filter(({ at }) => at >= from.from && at <= to.until)
      .sort((a, b) => b.at - a.at)
    const data = found.slice(offset, offset + limit).map(view)
    return { data, limit, offset, total_count: found.length }
  }

  const history = (id: string, query: URLSearchParams): object => {
    const [limit, offset] = [whole(query, 'limit', 50, 1, 300), whole(query, 'offset', 0, 0, 1e9)]
    const all = [...find(id).history].reverse()
    return {
      data: all.slice(offset, offset + limit).map((one) => ({
        log_id: one.id,
        operator: one.operator,
        operate_time: rfc3339(one.at),
        operate_type: one.what,
        ...(one.details && { operate_details: one.details }),
        ...(one.pictures?.length && {
          complaint_media_list: pictures.media('OPERATION_IMAGE', one.pictures),
        }),
      })),
      limit,
      offset,
      total_count: all.length,
    }
  }

  /** Every reply is one more: the platform does not know a repeat. */
  const respond = (id: string, body: unknown): void => {
    read(body, { complainted_mchid: text(64), response_content: text(200) })
    const { response_content: words } = ofOwn(body)
    const known = find(id)
    table.put({
      ...known,
      state: known.state === 'PENDING' ? 'PROCESSING' : known.state,
      waiting: false,
      history: [...known.history, step(clock.now(), '商户', 'MERCHANT_RESPONSE', words)],
    })
  }

  const complete = (id: string, body: unknown): void => {
    read(body, { complainted_mchid: text(64) })
    ofOwn(body)
    const known = find(id)
    if (known.state === 'PROCESSED')
      throw new Refusal(400, 'INVALID_REQUEST', '投诉单已处理完成，请勿重复操作')
    table.put({
      ...known,
      state: 'PROCESSED',
      waiting: false,
      history: [...known.history, step(clock.now(), '商户', 'MERCHANT_CONFIRM_COMPLETE')],
    })
  }

  const ofOwn = (body: unknown) => {
    const given = body as { complainted_mchid: string; response_content: string }
    if (given.complainted_mchid !== world.keys.mchid)
      throw paramError('/body/complainted_mchid', given.complainted_mchid, '与签名的商户号不一致')
    return given
  }

  const address = (body: unknown): object => {
    read(body, { url: notifyUrl(255) })
    if (addresses.get('address'))
      throw new Refusal(400, 'INVALID_REQUEST', '已存在投诉通知回调地址')
    const { url } = body as { url: string }
    addresses.put({ id: 'address', url })
    return { mchid: world.keys.mchid, url }
  }

  const addressNow = (): object => {
    const known = addresses.get('address')
    if (!known) throw new Refusal(404, 'RESOURCE_NOT_EXISTS', '未创建投诉通知回调地址')
    return { mchid: world.keys.mchid, url: known.url }
  }

  const param = ({ params }: V3Request) => params[0] as string
  const routes: V3Route[] = [
    {
      method: 'GET',
      pattern: new RegExp(`^${PATH}$`),
      call: 'wechat.complaints',
      handle: ({ query }) => ({ status: 200, body: list(query) }),
    },
    {
      method: 'GET',
      pattern: ONE,
      call: 'wechat.complaint',
      handle: (request) => ({ status: 200, body: view(find(param(request))) }),
    },
    {
      method: 'GET',
      pattern: new RegExp(`^${PATH}/([^/]+)/negotiation-historys$`),
      call: 'wechat.complaintHistory',
      handle: (request) => ({ status: 200, body: history(param(request), request.query) }),
    },
    {
      method: 'GET',
      pattern: new RegExp(`^${IMAGES}([^/]+)$`),
      call: 'wechat.complaintPicture',
      handle: (request) => ({ status: 200, raw: pictures.fileOf(param(request)) }),
    },
    {
      method: 'POST',
      pattern: new RegExp(`^${PATH}/([^/]+)/response$`),
      call: 'wechat.complaintReply',
      handle(request) {
        respond(param(request), request.body)
        return { status: 204 }
      },
    },
    {
      method: 'POST',
      pattern: new RegExp(`^${PATH}/([^/]+)/complete$`),
      call: 'wechat.complaintComplete',
      handle(request) {
        complete(param(request), request.body)
        return { status: 204 }
      },
    },
    {
      method: 'POST',
      pattern: /^\/v3\/merchant-service\/complaint-notifications$/,
      call: 'wechat.complaintAddress',
      handle: ({ body }) => ({ status: 200, body: address(body) }),
    },
    {
      method: 'GET',
      pattern: /^\/v3\/merchant-service\/complaint-notifications$/,
      call: 'wechat.complaintAddress',
      handle: () => ({ status: 200, body: addressNow() }),
    },
  ]

  return { routes, file, say, revoke, answerHere, all: table.all }
}

function step(at: number, operator: string, what: string, details?: string, pictures?: string[]) {
  const said = { ...(details && { details }), ...(pictures && { pictures }) }
  return { id: `3006${digits(24)}`, at, operator, what, ...said }
}

/** RSA-OAEP with SHA-1 by the merchant's certificate (facts 1.4). */
function forMerchant({ keys }: World, plain: string): string {
  const padding = constants.RSA_PKCS1_OAEP_PADDING
  const key = { key: keys.merchantPublicKey, padding, oaepHash: 'sha1' }
  return publicEncrypt(key, Buffer.from(plain)).toString('base64')
}
