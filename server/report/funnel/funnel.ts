/**
 * The funnel of some days (M4 X6), one cohort: visits that opened a service on these days, by the
 * merchant's clock. Everything later counts for these visits only, whenever it happened. SQL finds
 * visits that look alike, in one statement and so of one moment; figures.ts counts them.
 */
import type { Reply } from '@jiyue/contract/schema/wire'
import type { Day } from '@jiyue/contract/time'
import { type Kysely, sql } from 'kysely'
import { withinDays } from '../../db/conditions.ts'
import type { Database } from '../../db/schema.ts'
import { readRules } from '../../order/rules.ts'
import type { Parts } from '../../parts.ts'
import { dropOffOf, type FunnelForm, stepsOf, type VisitShape } from './figures.ts'

interface Span {
  from: Day
  to: Day
}
type Funnel = Reply<'getFunnel'>

export async function readFunnel(
  { db, now }: Pick<Parts, 'db' | 'now'>,
  span: Span,
): Promise<Funnel> {
  const [shapes, forms, { visitDays }] = await Promise.all([
    readShapes(db, span),
    readForms(db),
    readRules(db),
  ])
  const services = forms
    .map(({ serviceId, name, ...form }) => {
      const own = shapes.filter((shape) => shape.serviceId === serviceId)
      return { serviceId, name, ...stepsOf(own), form: dropOffOf(own, form) }
    })
    .filter(({ visits }) => visits > 0)
    .sort((a, b) => b.visits - a.visits)
  const all = stepsOf(shapes.filter(({ serviceId }) => serviceId === null))
  return { all, services, keptDays: visitDays, now: now().toISOString() }
}

async function readShapes(db: Kysely<Database>, span: Span): Promise<VisitShape[]> {
  const { rows } = await sql<VisitShape>`
    with cohort as (
      select visit_id, service_id from looks
      where kind = 'service' and ${withinDays('at', span)}
    ), looked as (
      select visit_id, service_id, bool_or(kind = 'slots') as saw, bool_or(kind = 'slot') as chose
      from cohort join looks using (visit_id, service_id) group by 1, 2
    ), linked as (
      -- An order is of the visit that told of it first, and only if it is an order of that service.
      select distinct on (o.id) o.id, l.visit_id, l.service_id, o.state, o.held_until
      from looks l join orders o on o.id = l.order_id and o.service_id = l.service_id
      where l.kind = 'hold' and l.order_id in (
        select order_id from cohort join looks using (visit_id, service_id) where kind = 'hold')
      order by o.id, l.at, l.visit_id, l.n
    ), ordered as (
      select o.id, o.visit_id, o.service_id,
        exists (select from events e where e.order_id = o.id and e.what = 'register') as registered,
        exists (select from events e where e.order_id = o.id and e.what = 'confirm') as paid,
        o.state in ('held', 'registered') and o.held_until > clock_timestamp() as open,
        (select max(l.step) from looks l where l.order_id = o.id and l.kind = 'step') as step
      from linked o join cohort using (visit_id, service_id)
    ), fields as (
      -- What the form asks now; a field it does not ask any more is as if it was not touched.
      select f.service_id, field ->> 'id' as field_id
      from (select distinct on (service_id) service_id, fields from forms
        order by service_id, version desc) f, jsonb_array_elements(f.fields) field
    ), touched as (
      select o.visit_id, o.service_id,
        array_agg(distinct l.field_id order by l.field_id) as fields,
        (array_agg(l.field_id order by l.at desc, l.visit_id desc, l.n desc))[1] as last
      from ordered o join looks l on l.order_id = o.id and l.kind = 'field'
      join fields f on f.service_id = o.service_id and f.field_id = l.field_id
      group by 1, 2
    ), came as (
      select visit_id, service_id, bool_or(registered) as registered, bool_or(paid) as paid,
        bool_or(open) as open, max(step)::int as step
      from ordered group by 1, 2
    ), visits as (
      select looked.visit_id, looked.service_id, saw, chose, came.visit_id is not null as held,
        came.step, coalesce(registered, false) as registered, coalesce(paid, false) as paid,
        coalesce(open, false) as open,
        coalesce(touched.fields, '{}') as touched, touched.last
      from looked left join came using (visit_id, service_id)
      left join touched using (visit_id, service_id)
    ), every_one as (
      select service_id, saw, chose, held, step, registered, paid, open, touched, last from visits
      union all
      select null, bool_or(saw), bool_or(chose), bool_or(held), null, bool_or(registered),
        bool_or(paid), bool_or(open), '{}', null
      from visits group by visit_id
    )
    select service_id as "serviceId", saw as "sawSlots", chose as "choseSlot", held, step,
      registered, paid, open, touched, last as "lastField", count(*)::int as visits
    from every_one group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10`.execute(db)
  return rows
}

/** Each service with the form it asks now, in the merchant's order. */
async function readForms(
  db: Kysely<Database>,
): Promise<(FunnelForm & { serviceId: string; name: string })[]> {
  const { rows } = await sql<FunnelForm & { serviceId: string; name: string }>`
    select s.id as "serviceId", s.name, f.steps, f.fields
    from services s cross join lateral (select steps, fields from forms
      where service_id = s.id order by version desc limit 1) f
    order by s.position`.execute(db)
  return rows
}
