/**
 * What people tell the merchant 投诉与建议 (G8) and what becomes of it (M8): one table of states for
 * server, phone and console. WeChat Pay's complaints stand in the same list.
 */
export const feedbackKinds = ['complaint', 'suggestion', 'question'] as const
export type FeedbackKind = (typeof feedbackKinds)[number]

export const feedbackKindWords: Record<FeedbackKind, string> = {
  complaint: '投诉',
  suggestion: '建议',
  question: '咨询',
}

/** app: from our own pages; wechat: a complaint that WeChat Pay handed on. */
export const feedbackSources = ['app', 'wechat'] as const
export type FeedbackSource = (typeof feedbackSources)[number]

export const feedbackSourceWords: Record<FeedbackSource, string> = {
  app: '用户端',
  wechat: '微信支付投诉',
}

export const feedbackStates = ['open', 'answered', 'closed'] as const
export type FeedbackState = (typeof feedbackStates)[number]

/** What the team sees, and what its person sees. */
export const feedbackStateWords: Record<FeedbackState, string> = {
  open: '待处理',
  answered: '已回复',
  closed: '已办结',
}

/** `say`: the person writes more; the others are the merchant's. */
export const feedbackEvents = ['say', 'reply', 'close', 'reopen'] as const
export type FeedbackEvent = (typeof feedbackEvents)[number]

/** state × event → next state. An absent cell is refused with `feedback_state`. */
export const feedbackMoves: Record<FeedbackState, Partial<Record<FeedbackEvent, FeedbackState>>> = {
  open: { say: 'open', reply: 'answered', close: 'closed' },
  answered: { say: 'open', reply: 'answered', close: 'closed' },
  // Who is not content writes again, and it is open again.
  closed: { say: 'open', reopen: 'open' },
}

export function mayFeedback(state: FeedbackState, event: FeedbackEvent): boolean {
  return feedbackMoves[state][event] !== undefined
}

/** Why it came to it; chosen when closing, counted over time. */
export const feedbackCauses = [
  'quality',
  'attitude',
  'late',
  'slots',
  'price',
  'refund',
  'payment',
  'information',
  'app',
  'other',
] as const
export type FeedbackCause = (typeof feedbackCauses)[number]

export const feedbackCauseWords: Record<FeedbackCause, string> = {
  quality: '服务质量',
  attitude: '服务态度',
  late: '迟到或爽约',
  slots: '预约与改期',
  price: '价格与费用',
  refund: '退款',
  payment: '缴费问题',
  information: '信息不符',
  app: '系统使用',
  other: '其他',
}

/** Who wrote a line of the conversation, or what it records. */
export const feedbackWordKinds = ['said', 'reply', 'note', 'log'] as const
export type FeedbackWordKind = (typeof feedbackWordKinds)[number]

/** Pictures one may add, and the longest text. WeChat takes 200 characters of a reply. */
export const feedbackPictures = 4
export const feedbackLength = 500
export const wechatReplyLength = 200

/** Waiting for the merchant beyond the time it promised; `now` in ms. */
export function isOverdue(dueAt: string | null, now: number): boolean {
  return dueAt !== null && Date.parse(dueAt) < now
}
