/** What the auditor finds, and the archive (auditor/, metrics/). */
import type { AuditRound, FindingKind, FindingSide } from '@jiyue/contract/audit'
import type { Generated, JSONColumnType } from 'kysely'

export interface FindingTable {
  id: string
  kind: FindingKind
  subject: string
  slot_id: string | null
  order_id: string | null
  expected: JSONColumnType<FindingSide>
  found: JSONColumnType<FindingSide>
  first_seen_at: Date
  last_seen_at: Date
  resolved_at: Date | null
  acknowledged_at: Date | null
  acknowledged_by: string | null
  note: string | null
}

export interface AuditTable {
  name: AuditRound
  after_at: Date | null
  after_id: string | null
  started_at: Date | null
  looked: Generated<number>
  finished_at: Date | null
  last_looked: Generated<number>
}

export interface ArchiveTable {
  name: string
  state: 'following' | 'away'
  reason: string | null
  since: Date
  heard_at: Date
  base_at: Date | null
  base_reason: string | null
}

export interface AuditDueTable {
  id: Generated<number>
  order_id: string
  since: Date
}
