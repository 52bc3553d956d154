/** Between the form 添加时段 and the wire: the picker's wall times are the merchant's clock. */
import type { Input, Reply } from '@jiyue/contract/schema/wire'
import { type Day, instantOf } from '@jiyue/contract/time'
import dayjs, { type Dayjs } from 'dayjs'

export interface SlotValues {
  serviceId: string
  day: Dayjs
  startsAt: Dayjs
  endsAt: Dayjs
  capacity: number
  /** Unit price of this slot alone, fen; none for the service's. */
  priceFen?: number | null
  staffId?: string | null
  roomId?: string | null
  branchId?: string | null
}

type Choices = Pick<Reply<'listConsoleServices'>, 'services'>

/** What the form shows first: the service and day on screen, at nine, as long as the service. */
export function firstValues(choices: Choices, service: string | undefined, day: Day) {
  const first = choices.services.find(({ id }) => id === service) ?? choices.services[0]
  const values = { day: dayjs(day), startsAt: dayjs(`${day}T09:00`), capacity: 1, staffId: null }
  return first ? afterDuration({ ...values, serviceId: first.id }, choices) : values
}

/** The values with the end moved to start plus the service's duration. */
export function afterDuration<V extends Pick<SlotValues, 'serviceId'> & { startsAt?: Dayjs }>(
  values: V,
  { services }: Choices,
): V & { endsAt?: Dayjs } {
  const minutes = services.find(({ id }) => id === values.serviceId)?.durationMinutes
  if (!minutes || !values.startsAt) return values
  return { ...values, endsAt: values.startsAt.add(minutes, 'minute') }
}

/** The body of putSlot. Whether its end may stand before its start is the server's to say. */
export function bodyOf(values: SlotValues): Input<'putSlot'>['body'] {
  const day = values.day.format('YYYY-MM-DD')
  return {
    serviceId: values.serviceId,
    startsAt: isoOf(day, values.startsAt),
    endsAt: isoOf(day, values.endsAt),
    capacity: values.capacity,
    priceFen: values.priceFen ?? null,
    staffId: values.staffId ?? null,
    roomId: values.roomId ?? null,
    branchId: values.branchId ?? null,
  }
}

/** A picker's wall time as an instant of the merchant's day. */
export function isoOf(day: Day, time: Dayjs): string {
  return new Date(instantOf(day, time.hour() * 60 + time.minute())).toISOString()
}
