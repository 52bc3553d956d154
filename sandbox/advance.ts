import type { Parts } from './admin.ts'
import type { Settings } from './world.ts'

/** Moves business time from one due instant to the next until `ms` have passed. */
export async function advance({ world, change }: Parts, ms: number): Promise<Settings> {
  const { clock, schedule } = world
  const until = clock.now() + ms
  const moveTo = (at: number) => {
    const ahead = at - clock.now()
    return ahead > 0 ? change({ offsetMs: clock.offsetMs + ahead }) : world.settings()
  }
  await schedule.settle()
  for (;;) {
    const next = schedule.nextAt()
    if (next === undefined || next > until) break
    moveTo(next)
    await schedule.settle()
  }
  const settings = moveTo(until)
  await schedule.settle()
  return settings
}
