/**
 * A thousand messages due in the same minute, over a process that is killed again and again: each is
 * sent exactly once, or explained. What was in flight when it died is told as unknown and never sent
 * a second time; what was only claimed is sent by the next process.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { caller, must, until } from '../world.ts'
import { type Programs, startPrograms } from './programs.ts'

jest.setTimeout(300_000)

const MANY = 1000

let programs: Programs
beforeAll(async () => {
  programs = await startPrograms()
})
afterAll(() => programs?.close())

async function sandbox<T>(path: string, body?: object): Promise<T> {
  const response = await fetch(`${programs.sandboxUrl}/admin/${path}`, {
    ...(body && {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  })
  if (!response.ok) throw new Error(await response.text())
  return (await response.json()) as T
}

/** Somebody who allowed a thousand messages, here and at WeChat. */
async function allowing() {
  const person = '小梅'
  const { code } = await sandbox<{ code: string }>('codes', { host: 'weapp', person })
  const session = await must(caller(programs.url), 'createSession', {
    body: { host: 'weapp', code },
  })
  const call = caller(programs.url, session.token)
  const { templates } = await must(call, 'listConsents', {})
  const id = templates.find(({ name }) => name === 'booking')?.id
  await sandbox('consents', { person, templateIds: Array(MANY).fill(id) })
  const userId = session.user.id
  await sql`insert into consents (id, template, user_id, host, answer, given_at)
    select gen_random_uuid(), 'booking', ${userId}, 'weapp', 'accept', now()
    from generate_series(1, ${MANY}::int)`.execute(programs.db.db)
  return userId
}

const heard = async () => {
  const { messages } = await sandbox<{ messages: { text: string }[] }>(
    `outbox?to=${encodeURIComponent('小梅')}`,
  )
  return messages.map(({ text }) => /第 \d{4} 号/.exec(text)?.[0] ?? text)
}

const states = async () => {
  const { rows } = await sql<{ state: string; reason: string | null; n: number }>`
    select state, reason, count(*)::int as n from reminders group by 1, 2`.execute(programs.db.db)
  return rows
}

test('一千条同时到期，进程反复被杀：每条恰好一次，或说明未知，绝不两次', async () => {
  const userId = await allowing()
  await programs.kill()
  const rows = Array.from({ length: MANY }, (_, at) => ({
    id: randomUUID(),
    note: `第 ${String(at + 1).padStart(4, '0')} 号`,
  }))
  await sql`insert into reminders (id, user_id, kind, about, once, facts, due_at)
    select id, ${userId}, 'answered', id, id::text,
      jsonb_build_object('service', '亲子沟通讲座', 'note', note), now()
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(id uuid, note text)`.execute(
    programs.db.db,
  )
  // Killed each time somewhere in the middle of its work.
  for (const share of [0.1, 0.3, 0.55]) {
    await programs.start()
    await until('some are out', async () => (await heard()).length >= MANY * share)
    await programs.kill()
    // Two minutes later: what the dead process had taken is free again.
    await sql`update reminders set lease_until = now() where state = 'sending'`.execute(
      programs.db.db,
    )
  }
  await programs.start()
  const end = Date.now() + 120_000
  while ((await states()).some(({ state }) => state === 'planned' || state === 'sending')) {
    if (Date.now() > end) throw new Error(JSON.stringify(await states()))
    await pause(200)
  }

  const told = await heard()
  expect(new Set(told).size).toBe(told.length)
  const { rows: ends } = await sql<{ note: string; state: string; reason: string | null }>`
    select facts->>'note' as note, state, reason from reminders`.execute(programs.db.db)
  expect(ends).toHaveLength(MANY)
  const sent = ends.filter(({ state }) => state === 'sent').map(({ note }) => note)
  const unknown = ends.filter(({ reason }) => reason === 'outcome_unknown').map(({ note }) => note)
  expect(sent.length + unknown.length).toBe(MANY)
  // Whatever counts as sent has arrived; whatever arrived is sent or told as unknown.
  expect(sent.filter((note) => !told.includes(note))).toEqual([])
  const known = new Set([...sent, ...unknown])
  expect(told.filter((note) => !known.has(note))).toEqual([])
  // Eight at the same time, three deaths: no more than that can be unknown.
  expect(unknown.length).toBeLessThanOrEqual(24)
  // Each message used up one consent and no other; the inbox has every one of them.
  const { rows: books } = await sql<{ spent: number; inbox: number }>`
    select (select count(*)::int from consents where spent_at is not null) as spent,
      (select count(*)::int from reminders where told_at is not null) as inbox`.execute(
    programs.db.db,
  )
  expect(books[0]).toEqual({ spent: MANY, inbox: MANY })
})
