/** Input that fits each endpoint's shape and names nothing that exists. */
import { randomUUID } from 'node:crypto'
import type { EndpointName } from '@jiyue/contract/api'
import { type Input, wire } from '@jiyue/contract/schema/wire'
import { lecture } from '../../../server/demo/world.ts'
import { createSeal } from '../../../server/people/seal.ts'
import { answerKey } from '../../../server/reminder/links.ts'
import { byId, hour, wechat } from './setting.ts'

/** The seal of every test's world. */
const seal = createSeal(Buffer.alloc(32, 7))

/** A slot somebody adds, hours from now. */
export function wish({ startsIn = 500 } = {}): Input<'putSlot'>['body'] {
  const starts = Date.now() + startsIn * hour
  return {
    serviceId: lecture,
    startsAt: new Date(starts).toISOString(),
    endsAt: new Date(starts + 2 * hour).toISOString(),
    capacity: 10,
    staffId: null,
    branchId: null,
  }
}

/** Money somebody took at the desk. */
export const someCash = (orderId: string = randomUUID()): Input<'putOfflinePayment'>['body'] => ({
  orderId,
  amountFen: 4900,
  way: 'cash',
  number: null,
  evidence: '收据 0032',
  pictureId: null,
  receivedBy: '沈禾',
  reason: '客户手机无法支付',
  owe: false,
})

/** Where a slot of a lecture may go. */
export function someMove({ startsIn = 700, length = 2 } = {}): Input<'putSlotMove'>['body'] {
  const { startsAt } = wish({ startsIn })
  const endsAt = new Date(Date.parse(startsAt) + length * hour).toISOString()
  return { slotId: randomUUID(), startsAt, endsAt, staffId: null, roomId: null, branchId: null }
}

const bodies = (): Partial<Record<EndpointName, unknown>> => ({
  sendSignInCode: { phone: '13900002222' },
  createSession: { host: 'weapp', code: 'x' },
  putIdentity: { code: 'x' },
  putOrder: { slotId: randomUUID(), party: 1 },
  putDraft: { values: {}, step: 0 },
  putRegistration: { formVersion: 1, values: {} },
  createPayment: wechat(),
  putReturn: { query: 'out_trade_no=1' },
  putMove: { orderId: randomUUID(), slotId: randomUUID(), dueFen: 0, refundFen: 0 },
  putPicture: { base64: 'bm90IGEgcGljdHVyZQ==' },
  putProof: { orderId: randomUUID(), pictureId: randomUUID(), paidFen: 1 },
  createConsoleSession: { name: 'owner', password: 'x' },
  putService: someService(),
  putServiceSettings: someSettings(),
  putServicePhoto: { base64: 'bm90IGEgcGljdHVyZQ==' },
  putWording: { text: '{服务}', hint: null, off: false, revision: 'read by nobody' },
  putHostTemplate: { set: null, revision: 'read by nobody' },
  putRules: { rules: { bookingDays: 14 } },
  putPromotion: somePromotion,
  previewCoupons: { to: ['13900009999'] },
  putCoupons: someCoupons,
  putPerson: { login: 'xiaolu', name: '小鹿', role: 'support', phone: null, mail: null },
  putDeactivation: { reason: '离职' },
  putSecondReset: { reason: '手机丢失' },
  readInvitation: { token: 'nobody-was-ever-sent-this' },
  createPassword: { token: 'nobody-was-ever-sent-this', password: '一句很长的新密码' },
  putPassword: { current: 'x', password: '一句很长的新密码' },
  createSecond: { password: 'x' },
  putSecond: { code: '000000' },
  createRecoveryCodes: { code: '000000' },
  putSlot: wish(),
  putCapacity: { capacity: 1 },
  putCancellation: { reason: '恶意占位', refund: 'rule' },
  putConsolePicture: { base64: 'bm90IGEgcGljdHVyZQ==' },
  putOfflinePayment: someCash(),
  putAmendment: {
    orderId: randomUUID(),
    revision: 1,
    values: { name: '林小雪' },
    reason: '客户来电更正',
  },
  putView: { name: '本周待缴费', filter: {}, hidden: [] },
  putOrderState: { from: 'completed', to: 'missed', reason: '客户未到店' },
  putClosure: { reason: '闭店' },
  putClosures: { slots: [{ slotId: randomUUID(), reason: '闭店', was: null }], emptyOnly: true },
  putSlotMove: someMove(),
  putRefund: { orderId: randomUUID(), amountFen: 1, note: '协商退款' },
  retryRefund: { way: 'again' },
  putOtherwise: { note: '已转账退还', evidence: '流水号 1' },
  putDecision: { decision: 'reject', reason: '看不清' },
  putResolution: { note: '已核对' },
  putOrders: { orders: [1, 1].map((party) => ({ id: randomUUID(), slotId: randomUUID(), party })) },
  putNegotiation: {
    serviceId: lecture,
    startsAt: new Date(Date.now() + 500 * 3_600_000).toISOString(),
    party: 1,
    note: '只有这天有空',
  },
  previewDisruption: { slotIds: [randomUUID()] },
  putDisruption: {
    slotIds: [randomUUID()],
    reason: '讲师突发疾病',
    note: null,
    choiceIds: [],
    fallback: 'refund',
    deadlineAt: new Date(Date.now() + 3_600_000).toISOString(),
    coupon: null,
  },
  putNegotiationAnswer: { answer: 'decline', reason: '当天没有人手' },
  putFeedback: {
    kind: 'complaint',
    text: '老师迟到了',
    pictureIds: [],
    orderId: null,
    phone: null,
    page: '/pages/me/index',
  },
  putFeedbackWords: { text: '还有一点' },
  putFeedbackHandling: { assigneeId: null, dueAt: '2999-10-01T00:00:00Z' },
  putConsoleFeedbackWords: { kind: 'reply', text: '您好' },
  putFeedbackClosure: { cause: 'late', solution: '已致歉' },
  putFeedbackReopening: { reason: '用户补充了照片' },
  putWait: { slotId: randomUUID(), party: 1 },
  putLooks: { looks: [{ n: 0, agoMs: 0, serviceId: randomUUID(), kind: 'service' }] },
  putQueue: { slotId: randomUUID(), party: 1 },
  putAcknowledgement: { note: '已知悉' },
  putRead: { until: '2026-10-01T00:00:00Z' },
  putConsents: { answers: { booking: 'reject' } },
  putAnswer: { answer: 'confirm' },
  checkIn: { early: false },
  putNudge: { orderId: randomUUID(), fieldId: 'name', note: '请补充姓名' },
  putNudgeAnswer: { value: '王小明' },
  putFormDraft: { steps: [], fields: [], revision: randomUUID(), basedOn: null },
  putFormVersion: { revision: randomUUID() },
  putMe: { name: '林小满' },
  putContact: {
    kind: 'person',
    values: { name: '林小满', phone: '13800138000' },
    isDefault: false,
  },
  previewSchedule: someTemplate(),
  putSchedule: { version: null, template: someTemplate() },
  putDay: { open: false, name: '盘点' },
  putStaff: { name: '白露', title: '保洁师', profile: '细致', serviceIds: [] },
  putRoom: { name: '小厅', branchId: randomUUID(), about: '临窗', seats: 8, serviceIds: [] },
  putBranch: {
    name: '静安店',
    address: '静安区 1 号',
    phone: '021-60000000',
    latitude: 31.23,
    longitude: 121.45,
  },
  putArea: { area: { city: '上海市', districts: ['徐汇区'], radiusM: null } },
})

export const somePromotion = {
  serviceId: lecture,
  label: '限时立减',
  kind: 'amount',
  value: 1000,
  startsAt: '2026-10-01T00:00:00Z',
  endsAt: '2026-11-01T00:00:00Z',
  position: 9,
  revision: null,
} as const

export const someCoupons = {
  to: ['13900009999'],
  label: '老客回馈券',
  offFen: 2000,
  until: '2026-12-31',
  note: '感谢支持',
}

/** Settings of a service that somebody saves. */
export const someSettings = (): Input<'putServiceSettings'>['body'] => ({
  revision: 'read by nobody',
  name: '家庭保洁',
  summary: '两小时焕然一新',
  content: ['客厅'],
  notes: [],
  priceFen: 12800,
  priceUnit: '次',
  chargedPer: 'order',
  includes: '应付金额包含服务费用',
  durationMinutes: 120,
  cutoffMinutes: 60,
  partyMin: 1,
  partyMax: 1,
  depositFen: 0,
  depositCondition: null,
  photos: ['cleaning-1'],
  uniquePer: 'slot',
  goods: 'offline_service',
  listed: true,
  branchIds: [],
  staffIds: [],
  roomIds: [],
})

/** A service that somebody adds: of a photo that nobody sent. */
export function someService(): Input<'putService'>['body'] {
  const { revision: _, ...offer } = someSettings()
  return { ...offer, photos: [`services/${randomUUID()}`], kind: 'personal', formFrom: null }
}

/** A template of a weekly hour that somebody saves. */
export const someTemplate = (): Input<'previewSchedule'>['body'] => ({
  serviceId: lecture,
  branchId: null,
  staffId: null,
  roomId: null,
  weekly: [{ weekday: 2, from: 600, to: 720 }],
  breaks: [],
  slotMinutes: 60,
  bufferBefore: 0,
  bufferAfter: 0,
  capacity: 5,
  priceFen: null,
  leadMinutes: 0,
  cutoff: null,
  makeupWeekday: null,
  onClosedDays: 'skip',
  exceptions: [],
  startsOn: '2020-01-01',
  endsOn: null,
  weeksAhead: 2,
})

const span = { from: '2026-10-01', to: '2026-10-02' }
const queries = (): Partial<Record<EndpointName, unknown>> => ({
  listSlots: span,
  listConsoleSlots: span,
  getMoveQuote: { slotId: randomUUID() },
  listProofs: { state: 'submitted' },
  getReconciliation: { ...span, per: 'day' },
  listBills: span,
  getMessageReport: span,
  getFunnel: span,
  getFeedbackCauses: { ...span, per: 'day' },
  listDays: span,
})

const params: Partial<Record<EndpointName, object>> = {
  putWording: { kind: 'unpaid' },
  putHostTemplate: { host: 'weapp', template: 'start' },
  putChase: { id: randomUUID(), channel: 'sms' },
  putIdentity: { host: 'wechat-browser' },
  getReceipt: { code: '0123456789ABCDEF' },
  putDay: { day: '2999-10-01' },
  deleteDay: { day: '2999-10-01' },
  putBill: { method: 'wechat', day: '2026-10-01' },
  getAnswer: { key: answerKey(seal, randomUUID()) },
  putAnswer: { key: answerKey(seal, randomUUID()) },
  findCheckIn: { code: '00000000' },
  putFormVersion: { id: randomUUID(), version: 2 },
  getFeedbackPicture: { id: randomUUID(), pictureId: randomUUID() },
  putFeedbackWords: { id: randomUUID(), wordsId: randomUUID() },
  putConsoleFeedbackWords: { id: randomUUID(), wordsId: randomUUID() },
  getAnswerPicture: { id: randomUUID(), pictureId: randomUUID() },
}

export function someInput(name: EndpointName): Record<string, unknown> {
  const [query, body] = [queries()[name], bodies()[name]]
  return {
    ...('params' in wire[name] && (params[name] ? { params: params[name] } : byId())),
    ...(query !== undefined && { query }),
    ...(body !== undefined && { body }),
  }
}

/** Params that fit no endpoint's shape. */
export const wrongParams = {
  params: {
    id: 'not-an-id',
    code: 'x'.repeat(41),
    key: 'x'.repeat(65),
    method: 'x',
    channel: 'x',
    day: 'x',
    host: 'x',
    version: 'x',
    kind: 'x',
    template: 'x',
    pictureId: 'x',
  },
}
