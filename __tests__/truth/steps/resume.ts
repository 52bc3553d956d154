/** What waits at a provider goes on. */
import { type History, resume, type Step } from '../history.ts'

export function resuming(h: History, a: number): Step | null {
  if (h.waiting.length === 0) return null
  const index = a % h.waiting.length
  return {
    text: `what waits goes on: ${h.waiting[index]?.name}`,
    act: async () => {
      await resume(h, index)
      return 'done'
    },
  }
}
