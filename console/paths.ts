/** Every link of the console is made here; routes.tsx is the other half. Under the base /console. */
import type { DifferenceState } from '@jiyue/contract/bill'
import type {
  FeedbackCause,
  FeedbackKind,
  FeedbackSource,
  FeedbackState,
} from '@jiyue/contract/feedback'
import type { OrderState } from '@jiyue/contract/order'
import type { Method, RefundState } from '@jiyue/contract/payment'
import type { PaidState } from '@jiyue/contract/registration'
import type { Day } from '@jiyue/contract/time'

export interface OrderFilter {
  state?: OrderState | undefined
  service?: string | undefined
  staff?: string | undefined
  /** Days of their slots. */
  from?: Day | undefined
  to?: Day | undefined
  text?: string | undefined
}

export interface RegistrationView {
  service?: string | undefined
  from?: Day | undefined
  to?: Day | undefined
  state?: OrderState | undefined
  paid?: PaidState | undefined
  text?: string | undefined
  /** Columns that are not shown, with commas between. */
  hide?: string | undefined
}

/** What the calendar's columns or rows are; `days` is a week by time alone. */
export const columnKinds = ['days', 'service', 'staff', 'room', 'branch'] as const
export type ColumnKind = (typeof columnKinds)[number]

export interface BookingView {
  view?: 'week' | 'day' | undefined
  by?: ColumnKind | undefined
  day?: Day | undefined
  service?: string | undefined
  /** The slot whose panel is open. */
  slot?: string | undefined
}

export interface LogView {
  person?: string | undefined
  action?: string | undefined
  object?: string | undefined
  /** With `object`: one thing's history. */
  key?: string | undefined
  from?: Day | undefined
  to?: Day | undefined
  text?: string | undefined
}

export const settingsTabs = ['services', 'rules', 'promotions', 'coupons', 'wording'] as const
export type SettingsTab = (typeof settingsTabs)[number]

export interface FeedbackView {
  state?: FeedbackState | undefined
  kind?: FeedbackKind | undefined
  source?: FeedbackSource | undefined
  cause?: FeedbackCause | undefined
  /** Whose; `nobody` for what nobody looks after. */
  assignee?: string | undefined
  overdue?: 'yes' | undefined
  text?: string | undefined
}

export type Per = 'day' | 'week' | 'month'

export interface ReconciliationView {
  per?: Per | undefined
  from?: Day | undefined
  to?: Day | undefined
  service?: string | undefined
}

export interface BillsView {
  /** `2026-11` */
  month?: string | undefined
  day?: Day | undefined
  method?: Method | undefined
  /** Which differences; open ones where nothing is said. */
  state?: DifferenceState | 'all' | undefined
}

export interface ProofsView {
  /** Those that wait, where nothing is said. */
  state?: 'decided' | undefined
  id?: string | undefined
}

export const paths = {
  /** `to` is where the person was going; they are brought there after signing in. */
  signIn: (to?: string) => `/sign-in${search({ to })}`,
  today: () => '/today',
  orders: (filter: OrderFilter = {}) => `/orders${search({ ...filter })}`,
  /** One order, open over the list as it was filtered (`search` of the present URL). */
  order: (id: string, search = '') => `/orders/${encodeURIComponent(id)}${search}`,
  booking: (at: BookingView = {}) => `/booking${search({ ...at })}`,
  people: () => '/people',
  settings: (tab?: SettingsTab) => `/settings${search({ tab })}`,
  log: (at: LogView = {}) => `/log${search({ ...at })}`,
  /** One's own account; `second`: straight to the second step. */
  me: (part?: 'second') => `/me${part ? `#${part}` : ''}`,
  /** Where an invitation's link leads, and then on. */
  signInAs: (name: string) => `/sign-in${search({ name })}`,
  disruptions: () => '/disruptions',
  /** `slot`: one that is chosen already. */
  newDisruption: (slot?: { id: string; day: Day }) =>
    `/disruptions/new${search({ slot: slot?.id, from: slot?.day })}`,
  disruption: (id: string) => `/disruptions/${encodeURIComponent(id)}`,
  schedules: () => '/schedules',
  resources: () => '/resources',
  payment: () => '/payment',
  reconciliation: (at: ReconciliationView = {}) => `/payment/reconciliation${search({ ...at })}`,
  bills: (at: BillsView = {}) => `/payment/bills${search({ ...at })}`,
  refunds: (at: { state?: RefundState | undefined } = {}) => `/payment/refunds${search({ ...at })}`,
  proofs: (at: ProofsView = {}) => `/payment/proofs${search({ ...at })}`,
  deliveries: () => '/payment/deliveries',
  checkIn: () => '/check-in',
  messages: () => '/messages',
  insight: (at: { from?: Day; to?: Day } = {}) => `/insight${search({ ...at })}`,
  /** Visits of these days and what became of them; `service`: of one service. */
  funnel: (at: { from?: Day; to?: Day; service?: string | undefined } = {}) =>
    `/funnel${search({ ...at })}`,
  registrations: (at: RegistrationView = {}) => `/registrations${search({ ...at })}`,
  feedback: (at: FeedbackView = {}) => `/feedback${search({ ...at })}`,
  /** One, open over the list as it was filtered. */
  oneFeedback: (id: string, search = '') => `/feedback/${encodeURIComponent(id)}${search}`,
  feedbackCauses: (at: { per?: Per; from?: Day; to?: Day } = {}) =>
    `/feedback-causes${search({ ...at })}`,
  audit: () => '/audit/findings',
  forms: () => '/forms',
  /** The form of a service. */
  form: (serviceId: string) => `/forms/${encodeURIComponent(serviceId)}`,
  /** One order, open over a page of 缴费 (`base` is its path). */
  orderOver: (base: string, id: string, search = '') =>
    `${base}/order/${encodeURIComponent(id)}${search}`,
}

const isId = (text: string) =>
  /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i.test(text)

/** Ids that a URL names. It may say anything: what can be no id is read as nothing said. */
export const idsIn = (search: URLSearchParams, name: string): string[] =>
  search.getAll(name).filter(isId)
export const idIn = (search: URLSearchParams, name: string): string | undefined =>
  idsIn(search, name)[0]

/** A path of our own that may be gone to after signing in; anything else leads to the first page. */
export function ownPath(to: string | null): string {
  return to !== null && /^\/(?![/\\])/.test(to) ? to : paths.today()
}

function search(pairs: Record<string, string | undefined>): string {
  const given = Object.entries(pairs).filter((pair): pair is [string, string] => !!pair[1])
  return given.length > 0 ? `?${new URLSearchParams(given)}` : ''
}
