import { sql } from 'kysely'
import pg from 'pg'
import { after as afterCommit, type Tx, tx, txOfOne } from '../../server/db/tx.ts'
import { type FreshDatabase, freshDatabase } from '../db.ts'

let base: FreshDatabase
const log: string[] = []

beforeAll(async () => {
  base = await freshDatabase()
  await base.pool.query('create table box (id int primary key, value int not null)')
})

beforeEach(async () => {
  log.length = 0
  await base.pool.query('truncate box; insert into box values (1, 0), (2, 0)')
})

const add = (t: Tx, id: number, by = 1) =>
  sql`update box set value = value + ${by} where id = ${id}`.execute(t)

const values = async () =>
  (await base.pool.query('select value from box order by id')).rows.map((row) => row.value)

/** A meeting point: everyone waits here until `count` have come. */
const meeting = (count: number) => {
  let come = 0
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return () => {
    if (++come >= count) open()
    return opened
  }
}

test('the answer of the work is answered once it is committed, in READ COMMITTED', async () => {
  const level = await tx(base.db, async (t) => {
    await add(t, 1)
    const { rows } = await sql<{ level: string }>`
      select current_setting('transaction_isolation') as level`.execute(t)
    return rows[0]?.level
  })
  expect(level).toBe('read committed')
  expect(await values()).toEqual([1, 0])
})

test('READ COMMITTED also where the database is set to another level', async () => {
  const other = await freshDatabase()
  await sql`alter database ${sql.id(new URL(other.url).pathname.slice(1))}
    set default_transaction_isolation = 'serializable'`.execute(base.db)
  const level = sql<{ used: string }>`select current_setting('transaction_isolation') as used`
  const raw = new pg.Client({ connectionString: other.url })
  await raw.connect()
  const { rows } = await raw.query(level.compile(other.db).sql)
  await raw.end()
  expect(rows).toEqual([{ used: 'serializable' }])
  expect(await tx(other.db, async (t) => (await level.execute(t)).rows)).toEqual([
    { used: 'read committed' },
  ])
  expect(await txOfOne(other.db, level)).toEqual([{ used: 'read committed' }])
})

test('an error of the work rolls everything back and is thrown as it is, after one try', async () => {
  const no = new Error('no')
  let tries = 0
  const outcome = tx(base.db, async (t) => {
    tries++
    await add(t, 1)
    throw no
  })
  await expect(outcome).rejects.toBe(no)
  expect([tries, await values()]).toEqual([1, [0, 0]])
})

test('of two transactions that deadlock both succeed, one by a second try', async () => {
  const meet = meeting(2)
  let tries = 0
  const cross = (first: number, second: number) =>
    tx(base.db, async (t) => {
      tries++
      await add(t, first)
      await meet()
      await add(t, second)
    })
  await Promise.all([cross(1, 2), cross(2, 1)])
  expect(tries).toBe(3)
  expect(await values()).toEqual([2, 2])
})

test('a serialization failure is tried again and given up after five tries', async () => {
  let tries = 0
  const fail = tx(base.db, async (t) => {
    tries++
    await sql`do $$ begin raise exception 'again' using errcode = '40001'; end $$`.execute(t)
  })
  await expect(fail).rejects.toMatchObject({ code: '40001' })
  expect(tries).toBe(5)
})

test('any other database error is not tried again', async () => {
  let tries = 0
  const twice = tx(base.db, async (t) => {
    tries++
    await sql`insert into box values (1, 1)`.execute(t)
  })
  await expect(twice).rejects.toMatchObject({ code: '23505' })
  expect(tries).toBe(1)
})

test('a lock that does not come in time ends the wait, not the process', async () => {
  const locked = meeting(2)
  const enough = meeting(2)
  const holder = tx(base.db, async (t) => {
    await add(t, 1)
    await Promise.all([locked(), enough()])
  })
  await locked()
  const waiter = tx(base.db, (t) => add(t, 1), { lockMs: 50 })
  await expect(waiter).rejects.toMatchObject({ code: '55P03' })
  await enough()
  await holder
  expect(await values()).toEqual([1, 0])
})

test('a statement that runs too long is cut off, for this transaction only', async () => {
  const slow = tx(base.db, (t) => sql`select pg_sleep(20)`.execute(t), { statementMs: 50 })
  await expect(slow).rejects.toMatchObject({ code: '57014' })
  const { rows } = await sql`show statement_timeout`.execute(base.db)
  expect(rows).toEqual([{ statement_timeout: '15s' }])
})

describe('nesting', () => {
  test('is refused on the open transaction', async () => {
    await expect(tx(base.db, (t) => tx(t, (u) => add(u, 1)))).rejects.toThrow('tx() inside tx()')
  })

  test('is refused on a second connection', async () => {
    const nested = tx(base.db, async (t) => {
      await add(t, 1)
      await tx(base.db, (u) => add(u, 2))
    })
    await expect(nested).rejects.toThrow('tx() inside tx()')
    expect(await values()).toEqual([0, 0])
  })

  test('is not what two side by side are, nor one begun after a commit', async () => {
    await Promise.all([tx(base.db, (t) => add(t, 1)), tx(base.db, (t) => add(t, 1))])
    await tx(base.db, async (t) => {
      afterCommit(t, () => tx(base.db, (u) => add(u, 2)))
    })
    expect(await values()).toEqual([2, 1])
  })
})

describe('after', () => {
  test('runs in order when others can see the change, and before tx answers', async () => {
    await tx(base.db, async (t) => {
      afterCommit(t, async () => log.push(`first sees ${await values()}`))
      afterCommit(t, () => log.push('second'))
      await add(t, 1)
      log.push('work')
    })
    expect(log).toEqual(['work', 'first sees 1,0', 'second'])
  })

  test('never runs for a change that was rolled back', async () => {
    const failed = tx(base.db, async (t) => {
      afterCommit(t, () => log.push('told'))
      throw new Error('no')
    })
    await expect(failed).rejects.toThrow('no')
    expect(log).toEqual([])
  })

  test('never runs for a commit that the database refuses', async () => {
    await base.pool.query(`
      create table if not exists late (id int primary key deferrable initially deferred)`)
    const refused = tx(base.db, async (t) => {
      afterCommit(t, () => log.push('told'))
      await sql`insert into late values (1), (1)`.execute(t)
    })
    await expect(refused).rejects.toMatchObject({ code: '23505' })
    expect(log).toEqual([])
  })

  test('runs once for a change that was tried again', async () => {
    let tries = 0
    await tx(base.db, async (t) => {
      afterCommit(t, () => log.push('told'))
      if (++tries === 1) {
        await sql`do $$ begin raise exception 'again' using errcode = '40P01'; end $$`.execute(t)
      }
    })
    expect([tries, log]).toEqual([2, ['told']])
  })

  test('that throws is a process warning; the change stands and the others still run', async () => {
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => {})
    await tx(base.db, async (t) => {
      afterCommit(t, () => {
        throw new Error('nobody listens')
      })
      afterCommit(t, () => log.push('told'))
      await add(t, 1)
    })
    expect(warn.mock.calls).toEqual([[expect.stringContaining('nobody listens')]])
    warn.mockRestore()
    expect([log, await values()]).toEqual([['told'], [1, 0]])
  })

  test('needs a transaction of tx', async () => {
    const plain = base.db.transaction().execute(async (t) => afterCommit(t, () => {}))
    await expect(plain).rejects.toThrow('after() needs the transaction that tx() handed out')
  })
})
