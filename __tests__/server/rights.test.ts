/**
 * Every endpoint of the console × every role × somebody else's ids (M10), from the contract's own
 * tables: an endpoint that is new is asked by itself.
 */
import { randomUUID } from 'node:crypto'
import { type Endpoint, type EndpointName, endpoints } from '@jiyue/contract/api'
import { exportPath } from '@jiyue/contract/api/registrations'
import { type Call, createCall } from '@jiyue/contract/client'
import { may, type Role, roles, secondRights } from '@jiyue/contract/people'
import { wire } from '@jiyue/contract/schema/wire'
import { sql } from 'kysely'
import { lecture } from '../../server/demo/world.ts'
import { openSession } from '../../server/people/sessions.ts'
import { openWorld, type Person, send, signIn, type World } from '../world.ts'
import { someInput } from './refusals/inputs.ts'

let world: World
let mei: Person
/** A session of each role, with the second step and without. */
const sessions = {} as Record<Role, { proven: string; plain: string }>
beforeAll(async () => {
  world = await openWorld()
  mei = await signIn(world)
  for (const role of roles) {
    const personId = randomUUID()
    const who = { id: personId, login: `r-${role}`, name: role, role, password_hash: null }
    await world.database.db.insertInto('people').values(who).execute()
    const open = (proven: boolean) => openSession(world.parts.db, { personId, proven }, new Date())
    const [proven, plain] = [await open(true), await open(false)]
    sessions[role] = { proven: proven.token, plain: plain.token }
  }
})
afterAll(() => world.close())

/** Signing out of this session would end the test; out of the others, comes last. */
const last: EndpointName = 'deleteOtherSessions'
const names = (Object.keys(endpoints) as EndpointName[])
  .filter((name) => endpoints[name].who === 'merchant' && name !== 'deleteConsoleSession')
  .sort((a, b) => Number(a === last) - Number(b === last))
const rightOf = (name: EndpointName) => (endpoints[name] as Endpoint).right

async function ask(token: string | null, name: EndpointName, input: object): Promise<string> {
  const call = createCall(
    (request) => send(world.url, request),
    () => token,
  ) as unknown as (name: string, input: object) => ReturnType<Call>
  const result = await call(name, input)
  return result.ok ? 'ok' : result.code
}

/** Fitting input about ids of another merchant: nothing here is called by them. */
const strange = (name: EndpointName): object =>
  JSON.parse(JSON.stringify(someInput(name)).replaceAll(lecture, randomUUID()))

test('the table asked is the contract’s: every role, dozens of endpoints', () => {
  expect(names.length).toBeGreaterThan(50)
  expect(new Set(names.map(rightOf)).size).toBeGreaterThan(5)
})

test('no address of the console stands outside the table, but the export’s file', () => {
  const asked = (one: string) => one.replace(/:\w+/g, ':')
  const known = new Set(
    names.map((name) => asked(`${endpoints[name].method} ${endpoints[name].path}`)),
  )
  for (const name of ['createConsoleSession', 'deleteConsoleSession'] as const)
    known.add(`${endpoints[name].method} ${endpoints[name].path}`)
  known.add(`GET ${exportPath}`)
  const served = routesOf(world.app.printRoutes({ commonPrefix: false }))
    .filter((one) => one.includes(' /v1/console'))
    .map(asked)
  expect(served.length).toBeGreaterThan(100)
  // Links of an invitation are anybody's who has one.
  const open = Object.values(endpoints)
    .filter(({ who }) => who === 'anyone')
    .map(({ method, path }) => asked(`${method} ${path}`))
  expect(served.filter((one) => !known.has(one) && !open.includes(one))).toEqual([])
})

/** `GET /v1/orders/:id` of each line of fastify's tree of routes. */
function routesOf(tree: string): string[] {
  const at: string[] = []
  return tree.split('\n').flatMap((line) => {
    const [, indent = '', part, methods] = /^([│ ]*)[├└]── (\S+)(?: \((.+)\))?$/.exec(line) ?? []
    if (part === undefined) return []
    at.splice(indent.length / 4)
    at.push(part)
    const path = at.join('')
    return (methods?.split(', ') ?? [])
      .filter((method) => method !== 'HEAD' && method !== 'OPTIONS')
      .map((method) => `${method} ${path}`)
  })
}

test('the export’s file is for who has the right to it', async () => {
  const ask = async (token: string | null) => {
    const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {}
    const response = await fetch(`${world.url}${exportPath}`, { headers })
    await response.arrayBuffer()
    return response.status
  }
  expect([await ask(null), await ask(mei.token)]).toEqual([401, 403])
  for (const role of roles)
    expect([role, await ask(sessions[role].plain)]).toEqual([role, may(role, 'export') ? 200 : 403])
})

test('nobody, and no person of the phone’s, gets past the door of any', async () => {
  const got: [string, string, string][] = []
  for (const name of names)
    got.push([
      name,
      await ask(null, name, strange(name)),
      await ask(mei.token, name, strange(name)),
    ])
  expect(got).toEqual(names.map((name) => [name, 'unauthenticated', 'forbidden']))
})

test.each(roles)('%s: exactly what the table of rights allows', async (role) => {
  const wrong: string[] = []
  for (const name of names) {
    const right = rightOf(name)
    const allowed = right === undefined || may(role, right)
    const second = right !== undefined && secondRights.includes(right)
    const no = await ask(sessions[role].proven, name, strange(name))
    if ((no === 'forbidden') === allowed || no === 'second_needed')
      wrong.push(`${name}: ${no} with the second step`)
    if (second || !allowed) {
      const plain = await ask(sessions[role].plain, name, strange(name))
      if (plain !== (allowed ? 'second_needed' : 'forbidden'))
        wrong.push(`${name}: ${plain} without the second step`)
    }
  }
  expect(wrong).toEqual([])
})

/**
 * What makes a thing under a name of the caller's, and what is asked of a day, a kind or a way, which
 * are always there. All others, a new one too, must know what they are asked about.
 */
const creates = new Set<EndpointName>([
  'putBill',
  'putService',
  'putServicePhoto',
  'putConsolePicture',
  'putPerson',
  'putStaff',
  'putBranch',
  'putView',
  'putCoupons',
  'putDay',
  'deleteDay',
  'putWording',
  'putHostTemplate',
])

test('what is not there is not found, and nothing is written of it', async () => {
  const reading = names.filter((name) => 'params' in wire[name])
  expect(
    reading.filter(
      (name) =>
        !creates.has(name) &&
        !(endpoints[name].refusals as readonly string[]).includes('not_found'),
    ),
  ).toEqual([])
  const wrong: string[] = []
  for (const name of reading.filter((one) => !creates.has(one))) {
    const before = await counted()
    const no = await ask(sessions.owner.proven, name, strange(name))
    if (no === 'ok' || no === 'forbidden' || no === 'malformed' || no === 'internal')
      wrong.push(`${name}: ${no}`)
    if ((await counted()) !== before) wrong.push(`${name}: wrote`)
  }
  expect(reading.length - creates.size).toBeGreaterThan(25)
  expect([...creates].filter((name) => !reading.includes(name))).toEqual([])
  expect(wrong).toEqual([])
})

/** What is not a person of this merchant any more may nothing: also in a session that is still there. */
test('an account ended behind the server’s back may nothing from then on', async () => {
  const personId = randomUUID()
  const who = { id: personId, login: 'gone', name: '离职', role: 'owner' as const }
  await world.database.db
    .insertInto('people')
    .values({ ...who, password_hash: null, deactivated_at: new Date() })
    .execute()
  const { token } = await openSession(world.parts.db, { personId, proven: true }, new Date())
  const got = await Promise.all(names.map((name) => ask(token, name, strange(name))))
  expect([...new Set(got)]).toEqual(['unauthenticated'])
})

/** Every table, but when sessions were seen last, and the log, which has each act in it. */
async function counted(): Promise<string> {
  const { rows: tables } = await sql<{ table: string }>`
    select tablename as table from pg_tables where schemaname = 'public'
      and tablename not in ('sessions', 'acts', 'act_changes') order by 1`.execute(
    world.database.db,
  )
  const sums = await Promise.all(
    tables.map(async ({ table }) => {
      const sum = await sql<{ n: string }>`
        select count(*)::text || coalesce(sum(hashtext(t::text)), 0)::text as n
        from ${sql.table(table)} t`.execute(world.database.db)
      return `${table} ${sum.rows[0]?.n}`
    }),
  )
  return sums.join('\n')
}
