/** Between the form 添加时段 and the wire: the picker's wall times are the merchant's clock. */
import type { Input, Reply } from '@jiyue/contract/schema/wire'
import { addDays, type Day, instantOf, wallClock } from '@jiyue/contract/time'
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

/** The body of putSlot. */
export function bodyOf(values: SlotValues): Input<'putSlot'>['body'] {
  return {
    serviceId: values.serviceId,
    ...timesIn(values),
    capacity: values.capacity,
    priceFen: values.priceFen ?? null,
    staffId: values.staffId ?? null,
    roomId: values.roomId ?? null,
    branchId: values.branchId ?? null,
  }
}

/**
 * Wall times as instants of the merchant's day. An end of 00:00 is the midnight the day ends with;
 * before its start an end is in the next day only where the slot was so (`overnight`): anywhere else it
 * is a slip, which the server says.
 */
export function timesIn(
  { day, startsAt, endsAt }: Pick<SlotValues, 'day' | 'startsAt' | 'endsAt'>,
  overnight = false,
): Pick<Input<'putSlot'>['body'], 'startsAt' | 'endsAt'> {
  const first = day.format('YYYY-MM-DD')
  const [from, to] = [minuteOf(startsAt), minuteOf(endsAt)]
  const isNext = to === 0 || (overnight && to <= from)
  return { startsAt: isoAt(first, from), endsAt: isoAt(isNext ? addDays(first, 1) : first, to) }
}

/**
 * A time of the merchant's clock as a picker shows it, wherever the browser is: of a day on which no
 * zone changes its clocks.
 */
export function clockOf(instant: string): Dayjs {
  const { hour, minute } = wallClock(instant)
  return dayjs('2024-01-15T00:00').hour(hour).minute(minute)
}

const minuteOf = (time: Dayjs) => time.hour() * 60 + time.minute()
const isoAt = (day: Day, minute: number) => new Date(instantOf(day, minute)).toISOString()
