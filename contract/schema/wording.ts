/** Shapes of what messages say (contract/api/wording.ts). */
import { z } from 'zod'
import {
  type ReminderKindName,
  reminderKindNames,
  templateFacts,
  templateNames,
} from '../reminder.ts'
import { messageHosts, placeholders } from '../wording.ts'
import { strict } from './parts.ts'

const kind = z.enum(reminderKindNames as [ReminderKindName])
const host = z.enum(messageHosts)
const template = z.enum(templateNames)
const revision = z.string().min(1).max(64)
/** Loose on purpose: what is wrong with it is said in words (contract/wording.ts). */
const words = z.string().trim().min(1).max(1000)

/** Null where the house's words are said. */
const wording = z.object({
  kind,
  text: z.string().nullable(),
  hint: z.string().nullable(),
  /** Not sent at all. */
  off: z.boolean(),
  revision,
})

const registered = strict({
  id: z.string().trim().min(1).max(100),
  keys: z.record(z.string().min(1).max(40), z.enum(templateFacts)),
})

const hostTemplate = z.object({
  host,
  template,
  /** The merchant's own; null where that of the credentials is used. */
  set: registered.nullable(),
  /** That of the credentials; null where there is none. */
  shipped: registered.nullable(),
  /** Messages that people still allow by the template in use. */
  left: z.int(),
  revision,
})

export const wordingWire = {
  listWording: {
    reply: z.object({
      kinds: z.array(wording),
      templates: z.array(hostTemplate),
      /** An order as messages see it, of the merchant's own services: for previews. */
      example: z.record(z.enum(placeholders), z.string()),
      /** The same as templates show it; the short line is the kind's. */
      facts: z.record(z.enum(templateFacts), z.string()),
    }),
  },
  putWording: {
    params: strict({ kind }),
    body: strict({ text: words.nullable(), hint: words.nullable(), off: z.boolean(), revision }),
    reply: wording,
  },
  putHostTemplate: {
    params: strict({ host, template }),
    body: strict({ set: registered.nullable(), revision }),
    reply: hostTemplate,
  },
} as const

export type Wording = z.output<typeof wording>
export type KeptTemplate = z.output<typeof hostTemplate>
