import type { ConsoleSlot, Reply, ServiceCard } from '@jiyue/contract/schema/wire'
import { addDays, type Day, dayOf } from '@jiyue/contract/time'

export interface Column {
  key: string
  /** The day heads a week's column; a service heads a column of one day. */
  day: Day
  title: string | null
  slots: ConsoleSlot[]
}

interface Given {
  view: 'week' | 'day'
  from: Day
  to: Day
  data: Pick<Reply<'listConsoleSlots'>, 'slots'>
  services: ServiceCard[]
}

/** Slots in columns: by day over a week, by service within a day. In order of their start. */
export function columnsOf({ view, from, to, data, services }: Given): Column[] {
  const slots = [...data.slots].sort(byStart)
  if (view === 'day')
    return services.map(({ id, name }) => ({
      key: id,
      day: from,
      title: name,
      slots: slots.filter(({ serviceId }) => serviceId === id),
    }))
  return daysBetween(from, to).map((day) => ({
    key: day,
    day,
    title: null,
    slots: slots.filter(({ startsAt }) => dayOf(startsAt) === day),
  }))
}

function daysBetween(from: Day, to: Day): Day[] {
  const days = [from]
  while (days[days.length - 1]! < to) days.push(addDays(days[days.length - 1]!, 1))
  return days
}

function byStart(a: ConsoleSlot, b: ConsoleSlot): number {
  return (
    Date.parse(a.startsAt) - Date.parse(b.startsAt) ||
    a.serviceName.localeCompare(b.serviceName, 'zh') ||
    (a.staffName ?? '').localeCompare(b.staffName ?? '', 'zh')
  )
}
