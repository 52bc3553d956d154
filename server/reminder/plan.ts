/** Which reminders a confirmed order gets (B8): pure. */
import { type ReminderKindName, reminderKinds } from '@jiyue/contract/reminder'
import { minuteMs } from '@jiyue/contract/time'

export interface PlannedReminder {
  kind: ReminderKindName
  dueAt: Date
}

const planned = (Object.keys(reminderKinds) as ReminderKindName[]).filter(
  (kind) => reminderKinds[kind].of === 'order',
)

/** A time that has passed makes no sense any more: a same-day booking has no day-before reminder. */
export function planReminders(startsAt: Date, now: Date): PlannedReminder[] {
  return planned
    .map((kind) => {
      const { minutesBefore } = reminderKinds[kind]
      const dueAt =
        minutesBefore === null ? now : new Date(startsAt.getTime() - minutesBefore * minuteMs)
      return { kind, dueAt }
    })
    .filter(({ dueAt }) => dueAt >= now)
}
