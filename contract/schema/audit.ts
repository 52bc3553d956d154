/** Shapes of the auditor's endpoints (contract/api/audit.ts). */
import { z } from 'zod'
import { archiveStates } from '../archive.ts'
import { auditRounds, findingKinds } from '../audit.ts'
import { cursor, fen, id, instant, strict } from './parts.ts'

const keys = <K extends string>(of: Record<K, unknown>) => z.enum(Object.keys(of) as [K, ...K[]])

/** contract/audit.ts FindingSide. */
const side = z.object({
  seats: z.int().optional(),
  fen: fen.optional(),
  mostFen: fen.optional(),
  state: z.string().optional(),
  slotId: id.optional(),
})

const finding = z.object({
  id,
  kind: keys(findingKinds),
  subject: z.string(),
  /** About seats: the slot, and whether it is not sold at present. */
  slot: z
    .object({
      id,
      serviceName: z.string(),
      staffName: z.string().nullable(),
      startsAt: instant,
      endsAt: instant,
      stopped: z.boolean(),
    })
    .nullable(),
  order: z.object({ id, number: z.string() }).nullable(),
  expected: side,
  found: side,
  firstSeenAt: instant,
  lastSeenAt: instant,
  /** Both agree again since then. */
  resolvedAt: instant.nullable(),
  acknowledged: z.object({ at: instant, name: z.string(), note: z.string() }).nullable(),
})

const byId = strict({ id })

export const auditWire = {
  getAudit: {
    reply: z.object({
      rounds: z.array(
        z.object({
          name: keys(auditRounds),
          /** End of the last finished round, and how many rows it looked at. */
          finishedAt: instant.nullable(),
          looked: z.int(),
          /** Rows of the round under way. */
          underWay: z.int(),
        }),
      ),
      /** Changed orders that wait to be looked at. */
      due: z.int(),
      /** Findings that differ at present, and those of them nobody has taken note of. */
      open: z.int(),
      unacknowledged: z.int(),
      stoppedSlots: z.int(),
      /** Archives of the database (T2); none where nobody keeps one. */
      archives: z.array(
        z.object({
          name: z.string(),
          state: keys(archiveStates),
          /** A sentence of its program. */
          reason: z.string().nullable(),
          since: instant,
          /** End of the newest base backup. */
          baseAt: instant.nullable(),
        }),
      ),
      now: instant,
    }),
  },
  listFindings: {
    query: strict({ state: z.enum(['open', 'all']).default('open'), after: cursor.optional() }),
    reply: z.object({ findings: z.array(finding), next: z.string().nullable(), now: instant }),
  },
  putAcknowledgement: {
    params: byId,
    body: strict({ note: z.string().trim().min(1, '请填写处理说明').max(300) }),
    reply: finding,
  },
  putRecount: { params: byId, reply: finding },
  deleteStop: { params: byId, reply: z.object({}) },
} as const

export type Finding = z.output<typeof finding>
