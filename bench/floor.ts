/**
 * The floor under a hold: what the same tables and the same HTTP cost when nothing is decided. node:http
 * and no framework, nobody's sign-in looked at, no rule read, no news sent; the requests that came
 * meanwhile as one statement (orders with their keys and indexes, their events, the seats), one durable
 * commit, and an answer of the same length. What a target asks beyond this is the machine's.
 */
import { randomUUID } from 'node:crypto'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import pg from 'pg'
import { groupCommit } from '../server/db/groupCommit.ts'
import { type Forked, forked } from './forked.ts'

interface Of {
  databaseUrl: string
  slot: string
  /** Length of an answer. */
  bytes: number
}

export const openFloor = (of: Of): Promise<Forked> =>
  forked(import.meta.filename, ['serve', JSON.stringify(of)])

const INSERT = `
  with new as (
    insert into orders (id, number, user_id, service_id, slot_id, party, state, held_until, form_version, created_at)
    select x.id, next_order_number(now()), $2, service_id, slots.id, 1, 'held', now() + interval '15 min', 1, now()
    from unnest($1::uuid[]) as x (id), slots where slots.id = $3
    returning id, slot_id
  ), filled as (
    update slots set taken = taken + cardinality($1::uuid[]) where id = $3
  )
  insert into events (order_id, slot_id, what, by, details, at)
  select id, slot_id, 'hold', 'user', '{}', now() from new`

async function serve({ databaseUrl, slot, bytes }: Of): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  // Not of the crowd: ours reads what a person has, and this one has them all.
  const user = randomUUID()
  await client.query(`insert into users (id, name) values ($1, '用户')`, [user])
  const hold = groupCommit(async (ids: readonly string[]) => {
    await client.query({ name: 'insert', text: INSERT, values: [ids, user, slot] })
    return ids
  })
  const body = Buffer.alloc(bytes, 'x')
  const headers = { 'content-type': 'application/json', 'content-length': bytes }
  const server = http.createServer((request, response) => {
    const id = request.url?.slice(request.url.lastIndexOf('/') + 1) ?? ''
    request.resume().on('end', async () => {
      await hold(id)
      response.writeHead(200, headers).end(body)
    })
  })
  server.listen(0, '127.0.0.1', () => {
    process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  })
}

if (process.argv[2] === 'serve') await serve(JSON.parse(process.argv[3] ?? '') as Of)
