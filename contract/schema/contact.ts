/** Shapes of 常用信息 (contract/api/contact.ts). */
import { z } from 'zod'
import { contactKinds } from '../contact.ts'
import { id, strict } from './parts.ts'

const contact = z.object({
  id,
  kind: z.enum(contactKinds),
  values: z.record(z.string(), z.unknown()),
  isDefault: z.boolean(),
})
const contacts = z.object({ contacts: z.array(contact) })
const byId = strict({ id })

export const contactWire = {
  listContacts: { reply: contacts },
  putContact: {
    params: byId,
    body: strict({
      kind: z.enum(contactKinds),
      values: z.record(z.string().max(32), z.unknown()),
      isDefault: z.boolean(),
    }),
    reply: contacts,
  },
  deleteContact: { params: byId, reply: contacts },
} as const
