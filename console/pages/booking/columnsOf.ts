import type { ConsoleSlot, Reply } from '@jiyue/contract/schema/wire'
import { addDays, type Day, dayOf } from '@jiyue/contract/time'
import type { ColumnKind } from '../../paths.ts'

type Choices = Reply<'listConsoleServices'>

/** Whose a column or row is: a service, a person, a room, a branch; `id` null for nobody's. */
export interface Lane {
  kind: ColumnKind
  id: string | null
  name: string
}

/** One column of the calendar: a day, of somebody or of all. */
export interface Column {
  key: string
  day: Day
  lane: Lane | null
  slots: ConsoleSlot[]
}

export interface Given {
  view: 'week' | 'day'
  by: ColumnKind
  from: Day
  to: Day
  slots: readonly ConsoleSlot[]
  choices: Choices
  /** Only of this service. */
  service: string | undefined
}

/** The columns of a week by time or of a day by somebody, slots in order of their start. */
export function columnsOf(given: Given): Column[] {
  const slots = [...given.slots].sort(byStart)
  if (given.by === 'days')
    return daysBetween(given.from, given.to).map((day) => ({
      key: day,
      day,
      lane: null,
      slots: slots.filter(({ startsAt }) => dayOf(startsAt) === day),
    }))
  return lanesOf({ ...given, slots }).map((lane) => ({
    key: lane.id ?? 'none',
    day: given.from,
    lane,
    slots: slots.filter((slot) => laneIdOf(slot, given.by) === lane.id),
  }))
}

/** A week by somebody: a row each, with a cell for every day. */
export function rowsOf(given: Given): { lane: Lane; cells: Column[] }[] {
  const slots = [...given.slots].sort(byStart)
  return lanesOf({ ...given, slots }).map((lane) => ({
    lane,
    cells: daysBetween(given.from, given.to).map((day) => ({
      key: `${lane.id ?? 'none'} ${day}`,
      day,
      lane,
      slots: slots.filter(
        (slot) => laneIdOf(slot, given.by) === lane.id && dayOf(slot.startsAt) === day,
      ),
    })),
  }))
}

/** Those that may have slots of the service, and nobody where slots are nobody's. */
function lanesOf({ by, slots, choices, service }: Given): Lane[] {
  const serves = ({ serviceIds }: { serviceIds: readonly string[] }) =>
    !service || serviceIds.includes(service)
  const all: Record<Exclude<ColumnKind, 'days'>, { id: string; name: string }[]> = {
    service: choices.services.filter(({ id }) => !service || id === service),
    staff: choices.staff.filter(serves),
    room: choices.rooms.filter(serves),
    branch: choices.branches,
  }
  if (by === 'days') return []
  const lanes: Lane[] = all[by].map(({ id, name }) => ({ kind: by, id, name }))
  // Somebody retired may still have slots ahead.
  for (const slot of slots) {
    const id = laneIdOf(slot, by)
    if (lanes.every((lane) => lane.id !== id))
      lanes.push({ kind: by, id, name: laneNameOf(slot, by) ?? nobody[by] })
  }
  return lanes.sort((a, b) => Number(a.id === null) - Number(b.id === null))
}

const nobody: Record<Exclude<ColumnKind, 'days'>, string> = {
  service: '',
  staff: '未指定人员',
  room: '不占用场地',
  branch: '上门或线上',
}

function laneIdOf(slot: ConsoleSlot, by: ColumnKind): string | null {
  if (by === 'staff') return slot.staffId
  if (by === 'room') return slot.roomId
  return by === 'branch' ? slot.branchId : slot.serviceId
}

function laneNameOf(slot: ConsoleSlot, by: ColumnKind): string | null {
  if (by === 'staff') return slot.staffName
  if (by === 'room') return slot.roomName
  return by === 'branch' ? slot.branchName : slot.serviceName
}

export function daysBetween(from: Day, to: Day): Day[] {
  const days: Day[] = []
  for (let day = from; day <= to; day = addDays(day, 1)) days.push(day)
  return days
}

function byStart(a: ConsoleSlot, b: ConsoleSlot): number {
  return (
    Date.parse(a.startsAt) - Date.parse(b.startsAt) ||
    a.serviceName.localeCompare(b.serviceName, 'zh') ||
    (a.staffName ?? '').localeCompare(b.staffName ?? '', 'zh')
  )
}
