/**
 * The database as a process sees it that can die at any single query. What PostgreSQL does then, roll
 * back, is asked for here, so that ten thousand deaths need no new connections; flows/crash.test.ts
 * and killed.test.ts kill real processes.
 */
import { Kysely, PostgresDialect } from 'kysely'
import type pg from 'pg'
import type { Database } from '../../server/db/schema.ts'
import { Died, type Plan } from './plan.ts'

/**
 * `pool` as one errand sees it: dies at the query its plan names, and is dead for good then. Without
 * a plan it never dies. `guards` false: without transactions. Statements are prepared once per connection: planning was half of all time.
 */
export function mortalDb(pool: pg.Pool, plan: Plan, guards = true): Kysely<Database> {
  const connect = async () => {
    refuseTheDead(plan)
    const client = await pool.connect()
    return {
      query: async (text: string, values: unknown[]) => {
        refuseTheDead(plan)
        const { fault } = plan
        const last = fault?.at === 'query' && fault.n === plan.queries++
        if (last && fault.what === 'dies before') die(plan, `before “${brief(text)}”`)
        if (!guards && CONTROL.test(text)) return EMPTY
        const result = await client.query(named(text, values))
        if (last) die(plan, `after “${brief(text)}”`)
        return result
      },
      release: () => {
        if (!plan.dead) return client.release()
        // Warns when nothing was open, which is nobody's concern.
        client.query('rollback').then(
          () => client.release(),
          (error: Error) => client.release(error),
        )
      },
    }
  }
  const dialect = new PostgresDialect({
    pool: { connect, end: async () => {} } as unknown as pg.Pool,
  })
  return new Kysely<Database>({ dialect })
}

/** For a control: every statement commits on its own. */
const EMPTY = { command: '', rows: [], rowCount: 0 }

const names = new Map<string, string>()

/** Transaction control has no plan to keep. */
const CONTROL = /^(start transaction|begin|commit|rollback)/

function named(text: string, values: unknown[]): pg.QueryConfig {
  if (CONTROL.test(text)) return { text }
  let name = names.get(text)
  if (!name) {
    name = `s${names.size}`
    names.set(text, name)
  }
  return { name, text, values }
}

function refuseTheDead(plan: Plan): void {
  if (plan.dead) throw new Died('earlier')
}

function die(plan: Plan, where: string): never {
  plan.dead = true
  plan.told.push(`the process died ${where}`)
  throw new Died(where)
}

const brief = (text: string) => text.replace(/\s+/g, ' ').trim().slice(0, 50)
