import type { Reply } from '@jiyue/contract/schema/wire'
import { dayOf } from '@jiyue/contract/time'
import type { FastifyInstance } from 'fastify'
import { isRefused, refuse } from '../../http/refusal.ts'
import { serve } from '../../http/serve.ts'
import type { Parts } from '../../parts.ts'
import { listCalendar, officialUntil, overrideDay, restoreDay } from '../calendar.ts'
import { isSpan } from '../slots.ts'
import type { Fate } from './plan.ts'
import { listSchedules, type Schedule } from './schedule.sql.ts'
import { countFates, previewSchedule, retireSchedule, saveSchedule } from './schedule.ts'

/** The longest span of the calendar at once. */
const calendarDays = 186

export function scheduleRoutes(app: FastifyInstance, parts: Parts): void {
  serve(app, parts, 'listSchedules', async () => {
    const schedules = await listSchedules(parts.db)
    return { schedules: schedules.map(shown), now: parts.now().toISOString() }
  })

  serve(app, parts, 'previewSchedule', async ({ params, body }) => {
    const preview = await previewSchedule(parts, params.id, body)
    if (isRefused(preview)) return preview
    const { days, fates } = preview
    return {
      days,
      slots: fates.map(slotOf),
      counts: countFates(fates),
      now: parts.now().toISOString(),
    }
  })

  serve(app, parts, 'putSchedule', async ({ params, body, caller }) => {
    const saved = await saveSchedule(parts, params.id, body, caller.id)
    return isRefused(saved) ? saved : { ...saved, schedule: shown(saved.schedule) }
  })

  serve(app, parts, 'deleteSchedule', async ({ params, caller }) => {
    const counts = await retireSchedule(parts, params.id, caller.id)
    return isRefused(counts) ? counts : { counts }
  })

  serve(app, parts, 'listDays', async ({ query: { from, to } }) => {
    if (!isSpan(from, to, calendarDays)) return refuse('malformed')
    const now = parts.now()
    return {
      days: await listCalendar(parts.db, from, to),
      officialUntil: officialUntil(now),
      now: now.toISOString(),
    }
  })

  serve(app, parts, 'putDay', ({ params, body, caller }) =>
    overrideDay(parts, params.day, body, caller.id),
  )

  serve(app, parts, 'deleteDay', ({ params, caller }) => restoreDay(parts, params.day, caller.id))
}

function shown({ retired: _, ...schedule }: Schedule): Reply<'listSchedules'>['schedules'][number] {
  return {
    ...schedule,
    weekly: [...schedule.weekly],
    breaks: [...schedule.breaks],
    exceptions: schedule.exceptions.map((one) => ({ ...one, spans: [...one.spans] })),
  }
}

/** A slot that stays is shown as it is, any other as the template wants it. */
function slotOf({ fate, why, wanted, present }: Fate): Reply<'previewSchedule'>['slots'][number] {
  const shownAs = fate === 'stay' || fate === 'remove' ? (present ?? wanted) : (wanted ?? present)
  if (!shownAs) throw new Error('a fate of no slot')
  return {
    day: dayOf(shownAs.startsAt),
    startsAt: iso(shownAs.startsAt),
    endsAt: iso(shownAs.endsAt),
    bookableUntil: iso(shownAs.bookableUntil),
    fate,
    why,
    taken: present?.taken ?? 0,
  }
}

const iso = (at: number) => new Date(at).toISOString()
