import type { Parts } from './admin.ts'
import type { Settings } from './world.ts'

/**
 * Moves business time from one due instant to the next until it is `ms` further ahead of real time
 * than it was. What real time takes meanwhile comes on top, as it always does.
 */
export async function advance({ world, change }: Parts, ms: number): Promise<Settings> {
  const { clock, schedule } = world
  const target = clock.offsetMs + ms
  await schedule.settle()
  for (;;) {
    const next = schedule.nextAt()
    if (next === undefined) break
    const needed = next - (clock.now() - clock.offsetMs)
    if (needed > target) break
    if (needed > clock.offsetMs) change({ offsetMs: needed })
    await schedule.settle()
  }
  const settings = change({ offsetMs: target })
  await schedule.settle()
  return settings
}
