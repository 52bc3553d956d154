/** Refusals about a person's own data (X11). */
import { randomUUID } from 'node:crypto'
import { signIn } from '../../world.ts'
import { ask, heldOrder, mei, refuses, world } from './setting.ts'

export function privacyRefusals(): void {
  refuses('getMyPicture', 'not_found', () =>
    ask(mei.token, 'getMyPicture', { params: { id: randomUUID() } }),
  )
  refuses('deleteMe', 'orders_open', async () => {
    const lan = await signIn(world)
    await heldOrder(lan)
    return ask(lan.token, 'deleteMe', {})
  })
}
