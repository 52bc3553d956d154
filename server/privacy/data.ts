/** Everything held about a person, for themselves (X11): opened, unmasked, with nothing left out. */
import type { FormField } from '@jiyue/contract/fields/kinds'
import { fieldKinds } from '@jiyue/contract/fields/registry'
import { privacyText } from '@jiyue/contract/privacy'
import type { MyData } from '@jiyue/contract/schema/privacy'
import { sql } from 'kysely'
import { readForm } from '../booking/catalogue.ts'
import type { Parts } from '../parts.ts'
import { listContacts } from '../people/contacts.ts'
import { openAnswer } from '../registration/answers.ts'
import { readDraft } from '../registration/draft.ts'
import { traceOf } from './orderData.ts'

const iso = (at: Date) => at.toISOString()

export async function readMyData(parts: Parts, userId: string): Promise<MyData> {
  const { db, seal } = parts
  const [
    user,
    identities,
    { contacts },
    orders,
    pictures,
    messages,
    agreements,
    waits,
    negotiations,
    coupons,
    feedback,
    consents,
    sessions,
  ] = await Promise.all([
    db.selectFrom('users').selectAll().where('id', '=', userId).executeTakeFirstOrThrow(),
    db.selectFrom('identities').select(['host', 'subject']).where('user_id', '=', userId).execute(),
    listContacts(parts, userId),
    ordersOf(parts, userId),
    db
      .selectFrom('pictures')
      .select(['id', 'width', 'height', 'created_at'])
      .where('user_id', '=', userId)
      .orderBy('created_at')
      .execute(),
    db
      .selectFrom('reminders')
      .select(['text', 'told_at'])
      .where('user_id', '=', userId)
      .where('told_at', 'is not', null)
      .orderBy('told_at')
      .execute(),
    agreementsOf(parts, userId),
    waitsOf(parts, userId),
    negotiationsOf(parts, userId),
    couponsOf(parts, userId),
    feedbackOf(parts, userId),
    consentsOf(parts, userId),
    sessionsOf(parts, userId),
  ])
  return {
    exportedAt: iso(parts.now()),
    profile: {
      id: user.id,
      name: user.name,
      phone: user.phone_sealed === null ? null : String(seal.open(user.phone_sealed)),
      since: iso(user.created_at),
    },
    identities,
    contacts: contacts.map(({ kind, values, isDefault }) => ({ kind, values, isDefault })),
    orders,
    pictures: pictures.map(({ created_at, ...picture }) => ({ ...picture, at: iso(created_at) })),
    waits,
    negotiations,
    coupons,
    feedback,
    messages: messages.map(({ text, told_at }) => ({ text: text ?? '', at: iso(told_at as Date) })),
    consents,
    sessions,
    agreements,
  }
}

async function ordersOf(parts: Parts, userId: string): Promise<MyData['orders']> {
  const rows = await parts.db
    .selectFrom('orders')
    .innerJoin('services', 'services.id', 'orders.service_id')
    .innerJoin('slots', 'slots.id', 'orders.slot_id')
    .selectAll('orders')
    .select(['services.name as service', 'slots.starts_at'])
    .where('orders.user_id', '=', userId)
    .orderBy('orders.created_at')
    .execute()
  const orders: MyData['orders'] = []
  for (const row of rows) {
    const [answers, draft, money, trace] = await Promise.all([
      answersOf(parts, row),
      readDraft(parts, row.id),
      moneyOf(parts, row.id),
      traceOf(parts, row),
    ])
    orders.push({
      id: row.id,
      number: row.number,
      service: row.service,
      startsAt: iso(row.starts_at),
      party: row.party,
      state: row.state,
      createdAt: iso(row.created_at),
      answers,
      draft: Object.keys(draft.values).length > 0 ? draft : null,
      ...money,
      ...trace,
    })
  }
  return orders
}

async function answersOf(
  { db, seal }: Parts,
  order: { id: string; service_id: string; form_version: number },
): Promise<MyData['orders'][number]['answers']> {
  const row = await db
    .selectFrom('registrations')
    .select('answers')
    .where('order_id', '=', order.id)
    .executeTakeFirst()
  if (!row) return []
  const { fields } = await readForm(db, order.service_id, order.form_version)
  return (fields as FormField[])
    .filter(({ id }) => id in row.answers)
    .map((field) => ({
      label: field.label,
      text: fieldKinds[field.kind].show(openAnswer(seal, row.answers[field.id]), field),
    }))
}

async function moneyOf(
  { db }: Parts,
  orderId: string,
): Promise<Pick<MyData['orders'][number], 'payments' | 'refunds'>> {
  const [payments, refunds] = await Promise.all([
    db
      .selectFrom('payments')
      .selectAll()
      .where('order_id', '=', orderId)
      .orderBy('created_at')
      .execute(),
    db
      .selectFrom('refunds')
      .innerJoin('payments', 'payments.id', 'refunds.payment_id')
      .select(['refunds.amount_fen', 'refunds.state', 'requested_at'])
      .where('payments.order_id', '=', orderId)
      .orderBy('requested_at')
      .execute(),
  ])
  return {
    payments: payments.map((one) => ({
      method: one.method,
      state: one.state,
      amountFen: one.amount_fen,
      paidAt: one.paid_at && iso(one.paid_at),
      transactionId: one.transaction_id,
      clientIp: one.client_ip,
    })),
    refunds: refunds.map((one) => ({
      amountFen: one.amount_fen,
      state: one.state,
      at: iso(one.requested_at),
    })),
  }
}

async function agreementsOf({ db }: Parts, userId: string): Promise<MyData['agreements']> {
  const rows = await db
    .selectFrom('agreements')
    .leftJoin('orders', 'orders.id', 'agreements.order_id')
    .select(['agreements.at', 'agreements.version', 'orders.number'])
    .where('agreements.user_id', '=', userId)
    .orderBy('agreements.id')
    .execute()
  return rows.map(({ at, version, number }) => ({
    at: iso(at),
    version,
    order: number,
    text: privacyText(version) ?? '',
  }))
}

async function negotiationsOf({ db }: Parts, userId: string): Promise<MyData['negotiations']> {
  const rows = await db
    .selectFrom('negotiations')
    .innerJoin('services', 'services.id', 'negotiations.service_id')
    .selectAll('negotiations')
    .select('services.name as service')
    .where('negotiations.user_id', '=', userId)
    .orderBy('negotiations.asked_at')
    .execute()
  return rows.map(({ service, starts_at, party, note, reason, state, asked_at }) => ({
    service,
    startsAt: iso(starts_at),
    party,
    note,
    reason,
    state,
    at: iso(asked_at),
  }))
}

async function couponsOf({ db }: Parts, userId: string): Promise<MyData['coupons']> {
  const rows = await db
    .selectFrom('coupons')
    .selectAll()
    .where('user_id', '=', userId)
    .orderBy('given_at')
    .execute()
  return rows.map(({ label, off_fen, given_at, expires_at, order_id }) => ({
    label,
    offFen: off_fen,
    at: iso(given_at),
    until: iso(expires_at),
    used: order_id !== null,
  }))
}

async function feedbackOf({ db, seal }: Parts, userId: string): Promise<MyData['feedback']> {
  const rows = await db
    .selectFrom('feedback')
    .selectAll()
    .where('user_id', '=', userId)
    .orderBy('created_at')
    .execute()
  const words = await db
    .selectFrom('feedback_words')
    .innerJoin('feedback', 'feedback.id', 'feedback_words.feedback_id')
    .selectAll('feedback_words')
    .where('feedback.user_id', '=', userId)
    .where('feedback_words.kind', 'in', ['said', 'reply'])
    .orderBy('feedback_words.seq')
    .execute()
  const pictures = await db
    .selectFrom('feedback_pictures')
    .innerJoin('feedback', 'feedback.id', 'feedback_pictures.feedback_id')
    .select(['feedback_id', 'picture_id'])
    .where('feedback.user_id', '=', userId)
    .execute()
  return rows.map((row) => ({
    kind: row.kind,
    text: row.text,
    phone: row.phone_sealed === null ? null : String(seal.open(row.phone_sealed)),
    state: row.state,
    solution: row.solution,
    at: iso(row.created_at),
    words: words
      .filter(({ feedback_id }) => feedback_id === row.id)
      .map(({ by, text, at }) => ({ mine: by === 'user', text, at: iso(at) })),
    pictures: pictures.filter((one) => one.feedback_id === row.id).map((one) => one.picture_id),
  }))
}

async function consentsOf({ db }: Parts, userId: string): Promise<MyData['consents']> {
  const rows = await db
    .selectFrom('consents')
    .select(['template', 'host', 'answer', 'given_at'])
    .where('user_id', '=', userId)
    .orderBy('given_at')
    .execute()
  return rows.map(({ template, host, answer, given_at }) => ({
    message: template,
    host,
    answer,
    at: iso(given_at),
  }))
}

async function sessionsOf({ db }: Parts, userId: string): Promise<MyData['sessions']> {
  const rows = await db
    .selectFrom('sessions')
    .select(['host', 'created_at', 'expires_at'])
    .where('user_id', '=', userId)
    .orderBy('created_at')
    .execute()
  return rows.map(({ host, created_at, expires_at }) => ({
    host,
    at: iso(created_at),
    until: iso(expires_at),
  }))
}

async function waitsOf({ db }: Parts, userId: string): Promise<MyData['waits']> {
  const { rows } = await sql<{ service: string; state: string; at: Date }>`
    select s.name as service, w.state, w.joined_at as at from waits w
      join slots on slots.id = w.slot_id join services s on s.id = slots.service_id
      where w.user_id = ${userId}
    union all
    select s.name, q.state, q.asked_at from queue_reminders q
      join services s on s.id = q.service_id where q.user_id = ${userId}
    union all
    select s.name, n.state, n.asked_at from negotiations n
      join services s on s.id = n.service_id where n.user_id = ${userId}
    order by at`.execute(db)
  return rows.map((row) => ({ ...row, at: iso(row.at) }))
}
