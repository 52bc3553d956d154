/** What messages say (M11): the merchant's own words, else the house's, on an order's facts. */
import { isOptional, type ReminderKindName, reminderKindNames } from '@jiyue/contract/reminder'
import type { Input, Reply } from '@jiyue/contract/schema/wire'
import type { Wording } from '@jiyue/contract/schema/wording'
import { addDays, dayOf, instantOf } from '@jiyue/contract/time'
import { checkWords, houseWords, type Words } from '@jiyue/contract/wording'
import { type Kysely, sql } from 'kysely'
import { gatheredWhole } from '../db/gather.ts'
import type { Database } from '../db/schema.ts'
import { after, tx } from '../db/tx.ts'
import { type Refused, refuse } from '../http/refusal.ts'
import type { Parts } from '../parts.ts'
import { listTemplates } from './hostTemplates.ts'
import { type ReminderFacts, templateValues, valuesOf } from './text.ts'

const ownWords = gatheredWhole((db) =>
  db
    .selectFrom('message_words')
    .selectAll()
    .select(sql<string>`md5(message_words::text)`.as('revision'))
    .execute(),
)

/** What a kind says now; null when the merchant does not want it sent. */
export async function wordsOf(db: Kysely<Database>, kind: ReminderKindName): Promise<Words | null> {
  const own = (await ownWords(db)).find((one) => one.kind === kind)
  if (own?.off && isOptional(kind)) return null
  const house = houseWords[kind]
  return { text: own?.text ?? house.text, hint: own?.hint ?? house.hint }
}

/** Every kind's words and every template, with an order of the merchant's own to show them on. */
export async function listWording(parts: Parts): Promise<Reply<'listWording'>> {
  const { db } = parts
  const [own, templates, example] = await Promise.all([
    ownWords(db),
    listTemplates(db, parts),
    exampleOf(parts),
  ])
  return {
    kinds: reminderKindNames.map((kind) => wordingOf(kind, own)),
    templates,
    example: valuesOf(example),
    facts: templateValues(example, '', parts.now()),
  }
}

/**
 * Changes a kind's words, or switches it off. What was planned before is sent with the words of then:
 * they are read when it is due. Refuses: settings_changed, invalid_fields.
 */
export async function putWording(
  parts: Parts,
  kind: ReminderKindName,
  { revision, ...words }: Input<'putWording'>['body'],
): Promise<Wording | Refused> {
  const house = houseWords[kind]
  const said = { text: words.text ?? house.text, hint: words.hint ?? house.hint }
  const problems = checkWords(kind, said)
  if (problems.length > 0) return refuse('invalid_fields', problems)
  if (words.off && !isOptional(kind))
    return refuse('invalid_fields', [
      { path: 'off', code: 'invalid', message: '这类消息关系到订单与款项，不能关闭' },
    ])
  const refused = await tx(parts.db, async (t) => {
    await sql`select pg_advisory_xact_lock(10, hashtext(${kind}))`.execute(t)
    if (wordingOf(kind, await ownWords(t)).revision !== revision) return refuse('settings_changed')
    await t
      .insertInto('message_words')
      .values({ kind, ...words })
      .onConflict((conflict) => conflict.column('kind').doUpdateSet(words))
      .execute()
    after(t, () => parts.bus.changed({ topics: ['console'] }))
    return null
  })
  return refused ?? wordingOf(kind, await ownWords(parts.db))
}

function wordingOf(kind: ReminderKindName, own: Awaited<ReturnType<typeof ownWords>>): Wording {
  const { text, hint, off, revision } = own.find((one) => one.kind === kind) ?? house
  return { kind, text, hint, off, revision }
}
const house = { text: null, hint: null, off: false, revision: 'house' }

/** Tomorrow at two, in the first service that is on sale. */
async function exampleOf({ db, now }: Parts): Promise<ReminderFacts> {
  const service = await db
    .selectFrom('services')
    .leftJoin('service_branches', 'service_branches.service_id', 'services.id')
    .leftJoin('branches', 'branches.id', 'service_branches.branch_id')
    .select(['services.name', 'services.price_fen', 'services.duration_minutes'])
    .select(['services.city', 'branches.name as branch', 'branches.address'])
    .orderBy('services.listed', 'desc')
    .orderBy(sql`services.city is not null`)
    .orderBy('services.position')
    .limit(1)
    .executeTakeFirst()
  const day = addDays(dayOf(now().getTime()), 1)
  const starts = instantOf(day, 14 * 60)
  return {
    service: service?.name ?? '服务名称',
    number: `${day.replaceAll('-', '')}0001`,
    startsAt: new Date(starts).toISOString(),
    endsAt: new Date(starts + (service?.duration_minutes ?? 60) * 60_000).toISOString(),
    ...(service?.branch && { place: `${service.branch}，${service.address}` }),
    amountFen: service?.price_fen ?? 0,
    note: '门店临时调整，请您知悉',
  }
}
