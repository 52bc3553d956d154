/** Refusals of the funnel (M4). */
import { randomUUID } from 'node:crypto'
import { ask, refuses } from './setting.ts'

export function funnelRefusals(): void {
  refuses('putLooks', 'not_found', () =>
    ask(null, 'putLooks', {
      params: { id: randomUUID() },
      body: { looks: [{ n: 0, agoMs: 0, serviceId: randomUUID(), kind: 'service' }] },
    }),
  )
}
