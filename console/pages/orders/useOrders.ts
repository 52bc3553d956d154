import { useAskPages } from '../../asking.ts'
import type { OrderFilter } from '../../paths.ts'

/** The orders of a filter, page after page. */
export function useOrders({ state, service, text }: OrderFilter) {
  return useAskPages('listConsoleOrders', {
    ...(state && { state }),
    ...(service && { serviceId: service }),
    ...(text && { text }),
  })
}
