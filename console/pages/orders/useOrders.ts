import { useAskPages } from '../../asking.ts'
import type { OrderFilter } from '../../paths.ts'

/** The orders of a filter, page after page. */
export function useOrders({ state, service, staff, from, to, text }: OrderFilter) {
  return useAskPages('listConsoleOrders', {
    ...(state && { state }),
    ...(service && { serviceId: service }),
    ...(staff && { staffId: staff }),
    ...(from && { from }),
    ...(to && { to }),
    ...(text && { text }),
  })
}
