import { openPool } from '../../server/db/pool.ts'
import { type FreshDatabase, freshDatabase } from '../db.ts'

let base: FreshDatabase

beforeAll(async () => {
  base = await freshDatabase()
})

const read = async (expression: string) =>
  (await base.pool.query(`select (${expression}) as value`)).rows[0].value

test.each([
  ['int8 as a number', '9007199254740991::int8', 9007199254740991],
  ['int8[] as numbers', `'{1,null,-3}'::int8[]`, [1, null, -3]],
  ['date as its text', `date '2026-02-28'`, '2026-02-28'],
  ['date[] as texts', `'{2026-01-31}'::date[]`, ['2026-01-31']],
  ['a time with zone as a Date', `timestamptz '2026-01-31 08:00+08'`, new Date('2026-01-31Z')],
  ['json as its value', `'{"a":[1]}'::jsonb`, { a: [1] }],
  ['a sum of fen', 'select sum(x)::int8 from (values (1::int8), (2)) v(x)', 3],
  ['null as null', 'null::int8', null],
])('%s', async (_, expression, expected) => {
  expect(await read(expression)).toEqual(expected)
})

test('a number too large to be exact is an error, never a wrong amount', async () => {
  await expect(read('9007199254740993::int8')).rejects.toThrow(RangeError)
  expect(await read('1')).toBe(1)
})

test('a connection that breaks while idle is reported, and the next query works', async () => {
  const reported: Error[] = []
  const own = openPool(base.url, { name: 'broken', report: (error) => reported.push(error) })
  try {
    await own.pool.query('select 1')
    const gone = new Promise((resolve) => own.pool.once('remove', resolve))
    await base.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'broken'`,
    )
    await gone
    expect(reported).toHaveLength(1)
    expect((await own.pool.query('select 2 as two')).rows).toEqual([{ two: 2 }])
  } finally {
    await own.close()
  }
})

test('every connection starts with limits on statements, locks and idling in a transaction', async () => {
  const names = ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout']
  const set = names.map((name) => read(`current_setting('${name}')`))
  expect(await Promise.all(set)).toEqual(['15s', '5s', '30s'])
})
