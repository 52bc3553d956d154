/**
 * The product's words: one word per thing, in code, tables, URLs and on screen.
 * `zh` is the word people see; `never` lists the synonyms the house test refuses as identifiers.
 */
export interface Word {
  zh: string
  means: string
  never: readonly string[]
}

export const words = {
  booking: { zh: '预约', means: 'step 1: choosing and holding a slot', never: ['appointment'] },
  registration: {
    zh: '报名',
    means: 'step 2: the short form',
    never: ['enrolment', 'enrollment', 'signup'],
  },
  payment: {
    zh: '缴费',
    means: 'step 3: paying; one attempt with one provider',
    never: ['checkout'],
  },
  order: { zh: '订单', means: 'the spine: one row through all three steps', never: ['ticket'] },
  slot: {
    zh: '时段',
    means: 'a time with a capacity, of one service',
    never: ['timeslot', 'timeSlot'],
  },
  schedule: {
    zh: '排班',
    means: 'a weekly template that slots are made from',
    never: ['roster', 'rota'],
  },
  hold: {
    zh: '锁定',
    means: 'seats kept for an order until a time',
    never: ['reservation', 'reserve'],
  },
  seat: { zh: '名额', means: 'one unit of a slot’s capacity', never: ['quota'] },
  service: { zh: '服务', means: 'what the merchant sells', never: ['product'] },
  staff: { zh: '服务人员', means: 'a person a service needs', never: ['provider', 'technician'] },
  room: {
    zh: '场地',
    means: 'a place in a branch that one slot takes',
    never: ['chamber'],
  },
  branch: { zh: '门店', means: 'a place of the merchant', never: ['shopfront'] },
  merchant: { zh: '商家', means: 'the one business of a deployment', never: ['tenant', 'vendor'] },
  party: { zh: '同行人数', means: 'how many people one order is for', never: ['headcount', 'pax'] },
  form: { zh: '报名表', means: 'a versioned list of fields', never: ['questionnaire'] },
  field: { zh: '填写项', means: 'one question of a form', never: ['formItem'] },
  draft: { zh: '草稿', means: 'answers saved before submitting', never: ['autosaved'] },
  contact: {
    zh: '常用信息',
    means: 'a saved person, address or company of a user',
    never: ['addressBook'],
  },
  agreement: {
    zh: '同意记录',
    means: 'what a person agreed to about their data',
    never: ['privacyConsent'],
  },
  fen: { zh: '分', means: 'the unit of money: 1/100 yuan, an integer', never: ['cents'] },
  fee: { zh: '费用', means: 'what is taken by rule when cancelling late', never: ['surcharge'] },
  quote: { zh: '价格明细', means: 'the priced lines of an order', never: ['pricebreakdown'] },
  refund: { zh: '退款', means: 'money on its way back', never: ['chargeback'] },
  deposit: { zh: '押金', means: 'money that goes back by a condition', never: ['bond'] },
  method: { zh: '支付方式', means: 'wechat or alipay', never: ['paymentType', 'payType'] },
  gateway: { zh: '支付通道', means: 'our side of one provider’s wire', never: ['paymentProvider'] },
  notice: { zh: '通知', means: 'a provider’s call to us', never: ['webhookEvent'] },
  fact: { zh: '凭据', means: 'what we heard about money, append-only', never: ['callbackData'] },
  reminder: { zh: '提醒', means: 'a message with a due time', never: ['alert'] },
  channel: { zh: '渠道', means: 'a way a reminder travels', never: ['transport'] },
  attendance: {
    zh: '参与确认',
    // @chinese for engineers
    means: 'the answer to 「是否确认参与」',
    never: ['rsvp'],
  },
  inbox: { zh: '站内消息', means: 'what we told a person, on our own pages', never: ['mailbox'] },
  consent: {
    zh: '订阅授权',
    means: 'a host may send one message of a template',
    never: ['permission', 'optIn'],
  },
  nudge: { zh: '补充提醒', means: 'the merchant asks for an answer again', never: ['poke'] },
  move: { zh: '改期', means: 'an order goes to another slot', never: ['reschedule'] },
  bill: { zh: '账单', means: 'a provider’s list of one day', never: ['invoiceList'] },
  difference: { zh: '差异', means: 'a bill and our books do not agree', never: ['discrepancy'] },
  proof: {
    zh: '凭证图片',
    means: 'a picture of a payment not recognised',
    never: ['evidenceImage'],
  },
  receipt: { zh: '支付凭证', means: 'what a payer keeps', never: ['voucher'] },
  delivery: { zh: '发货信息', means: 'told to WeChat after the service', never: ['shipment'] },
  checkIn: { zh: '核销', means: 'the person came', never: ['redeem', 'writeOff'] },
  queue: {
    zh: '排队',
    // @chinese for engineers
    means: 'people at a peak, let in first come first served (not 候补)',
    never: ['waitingRoom', 'backlog'],
  },
  wait: {
    zh: '候补',
    // @chinese for engineers
    means: 'a place in the line of a full slot (not 排队)',
    never: ['waitlist', 'waitList', 'standby'],
  },
  negotiation: {
    zh: '自定义时段申请',
    means: 'asking for a time outside the offer, and the answers',
    never: ['customRequest', 'slotRequest'],
  },
  invitation: {
    zh: '邀请链接',
    means: 'a link, good once, by which a person of the merchant sets a password',
    never: ['onboarding'],
  },
  second: {
    zh: '两步验证',
    means: 'a code of one’s own device beside the password',
    never: ['mfa', 'twoFactor'],
  },
  disruption: {
    zh: '紧急通知',
    means: 'slots that fall through, and what their people may choose instead',
    never: ['outage', 'massCancel'],
  },
  coupon: {
    zh: '优惠券',
    means: 'fen off one order of one person, once',
    never: ['giftCard'],
  },
  act: {
    zh: '操作记录',
    means: 'a request of the console that changed something, with before and after',
    never: ['auditTrail'],
  },
  feedback: {
    zh: '反馈',
    means: 'what a person tells the merchant, and the conversation about it',
    never: ['grievance', 'helpdesk'],
  },
  look: {
    zh: '浏览',
    means: 'what a phone saw or touched on a visit, without who',
    never: ['pageView', 'telemetry'],
  },
  visit: { zh: '访问', means: 'the looks of one start of the app', never: ['clickstream'] },
  funnel: {
    zh: '漏斗',
    means: 'visits of some days, and how far each came',
    never: ['conversion'],
  },
  refusal: { zh: '拒绝', means: 'a clear no with a code', never: ['bizError'] },
} as const satisfies Record<string, Word>

export type WordKey = keyof typeof words
