/** Which reminders a confirmed order gets (B8): pure. */
import { type ReminderKindName, reminderKinds } from '@jiyue/contract/reminder'
import { minuteMs } from '@jiyue/contract/time'

export interface PlannedReminder {
  kind: ReminderKindName
  dueAt: Date
}

/** A time that has passed makes no sense any more: a same-day booking has no day-before reminder. */
export function planReminders(startsAt: Date, now: Date): PlannedReminder[] {
  return (Object.keys(reminderKinds) as ReminderKindName[])
    .map((kind) => {
      const { minutesBefore } = reminderKinds[kind]
      const dueAt =
        minutesBefore === null ? now : new Date(startsAt.getTime() - minutesBefore * minuteMs)
      return { kind, dueAt }
    })
    .filter(({ dueAt }) => dueAt >= now)
}
