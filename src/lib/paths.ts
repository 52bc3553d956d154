/** Every address of a page, in one place. */
import type { Step } from '../flow.ts'

export const tabs = {
  home: '/pages/home/index',
  orders: '/pages/orders/index',
  me: '/pages/me/index',
} as const

export const pathTo = {
  /** `from`: the lapsed order whose answers the new one takes over. */
  booking: (serviceId: string, from?: string) =>
    `/pages/booking/index?id=${serviceId}${from ? `&from=${from}` : ''}`,
  registration: (orderId: string) => `/pages/registration/index?id=${orderId}`,
  /** `moveId`: pays the difference of a move instead of the order. */
  payment: (orderId: string, moveId?: string | null) =>
    `/pages/payment/index?id=${orderId}${moveId ? `&move=${moveId}` : ''}`,
  success: (orderId: string) => `/pages/payment/success?id=${orderId}`,
  order: (orderId: string) => `/pages/order/index?id=${orderId}`,
  move: (orderId: string) => `/pages/move/index?id=${orderId}`,
  /** Its slot falls through: the choices (M9). */
  disruption: (orderId: string) => `/pages/move/disruption?id=${orderId}`,
  proof: (orderId: string) => `/pages/payment/proof?id=${orderId}`,
  inbox: () => '/pages/inbox/index',
  /** Answers what the merchant asked for (R10). */
  nudge: (orderId: string, nudgeId: string) =>
    `/pages/registration/nudge?id=${orderId}&nudge=${nudgeId}`,
  receipt: (code?: string) => `/pages/receipt/index${code ? `?code=${code}` : ''}`,
  /** `from`: the page it is about; `orderId`: its order. */
  feedback: (from: string, orderId?: string) =>
    `/pages/feedback/index?from=${encodeURIComponent(from)}${orderId ? `&order=${orderId}` : ''}`,
  talk: (feedbackId: string) => `/pages/feedback/talk?id=${feedbackId}`,
  contacts: '/pages/contacts/index',
  privacy: '/pages/privacy/index',
  /** Where addresses lead that are none. */
  missing: '/pages/home/missing',
}

/** The page of a step (flow.ts). */
export function pathOfStep(
  step: Step,
  order: { id: string; service: { id: string } },
  keepsAnswers: boolean,
): string {
  if (step !== 'booking') return pathTo[step](order.id)
  return pathTo.booking(order.service.id, keepsAnswers ? order.id : undefined)
}
