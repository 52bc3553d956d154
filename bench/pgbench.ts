/** The reference of holds: what PostgreSQL does with one plain statement a hold, by its own pgbench. */
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import type pg from 'pg'

/** A table as plain as it can be: seats by slot, holds beside it. */
export async function prepareReference(pool: pg.Pool, slots: number): Promise<void> {
  await pool.query(`
    drop table if exists reference_holds, reference_slots;
    create table reference_slots (id int primary key, taken int not null, capacity int not null);
    create table reference_holds (id uuid primary key, slot int not null, at timestamptz not null);`)
  await pool.query(
    'insert into reference_slots select n, 0, 1000000000 from generate_series(1, $1::int) n',
    [slots],
  )
}

/** Holds a second: a conditional UPDATE and an INSERT in one statement, `clients` at once. */
export async function referenceHolds(
  { databaseUrl, dir }: { databaseUrl: string; dir: string },
  { slots, clients, seconds }: { slots: number; clients: number; seconds: number },
): Promise<number> {
  const script = path.join(dir, 'reference.sql')
  writeFileSync(
    script,
    `\\set slot random(1, ${slots})
with seat as (update reference_slots set taken = taken + 1 where id = :slot and taken < capacity returning id)
insert into reference_holds select gen_random_uuid(), id, now() from seat;
`,
  )
  const args = [
    '-n',
    '-M',
    'prepared',
    `-c${clients}`,
    '-j1',
    `-T${seconds}`,
    '-f',
    script,
    databaseUrl,
  ]
  const { stdout } = await promisify(execFile)('pgbench', args)
  const rate = /tps = ([\d.]+)/.exec(stdout)?.[1]
  if (!rate) throw new Error(`pgbench said nothing to read:\n${stdout}`)
  return Number(rate)
}
