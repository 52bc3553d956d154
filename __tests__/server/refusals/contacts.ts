/** Refusals of 常用信息. */
import { randomUUID } from 'node:crypto'
import { contactsPerKind } from '@jiyue/contract/contact'
import { must, signIn, somePhone } from '../../world.ts'
import { ask, byId, mei, refuses, world } from './setting.ts'

const person = (name = '林小满') => ({
  kind: 'person' as const,
  values: { name, phone: somePhone() },
  isDefault: false,
})

export function contactRefusals(): void {
  refuses('putContact', 'not_found', async () => {
    const lan = await signIn(world)
    const { params } = byId()
    await must(lan.call, 'putContact', { params, body: person() })
    return ask(mei.token, 'putContact', { params, body: person() })
  })
  refuses('putContact', 'invalid_fields', () =>
    ask(mei.token, 'putContact', { ...byId(), body: { ...person(), values: { name: '林小满' } } }),
  )
  refuses('putContact', 'contact_limit', async () => {
    const lan = await signIn(world)
    for (let n = 0; n < contactsPerKind; n++)
      await must(lan.call, 'putContact', { ...byId(), body: person(`客人 ${n}`) })
    return ask(lan.token, 'putContact', { ...byId(), body: person() })
  })
  refuses('deleteContact', 'not_found', () =>
    ask(mei.token, 'deleteContact', { params: { id: randomUUID() } }),
  )
}
