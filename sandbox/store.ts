import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'

/** Rows of one kind by id. Rows are values: change one by putting a new one. */
export type Table<Row extends { id: string }> = {
  get(id: string): Row | undefined
  /** Every row, oldest first. */
  all(): Row[]
  put(row: Row): Row
  remove(id: string): void
}

/** The sandbox's memory: tables by name. */
export type Store = {
  table<Row extends { id: string }>(name: string): Table<Row>
  /** Does many changes and writes them to the file at once, when the work is over. */
  batch<Result>(work: () => Result): Result
}

type Change = { table: string; id: string; row: { id: string } | null }

/**
 * Opens the store. With a file every change is one appended JSON line, so a killed process loses
 * nothing it answered for; at opening the lines are folded into one per living row. Without a file
 * everything stays in memory.
 */
export function openStore(file?: string): Store {
  const tables = new Map<string, Map<string, { id: string }>>()
  const rows = (name: string) => {
    let found = tables.get(name)
    if (!found) {
      found = new Map()
      tables.set(name, found)
    }
    return found
  }
  const apply = (change: Change) => {
    if (change.row) rows(change.table).set(change.id, change.row)
    else rows(change.table).delete(change.id)
  }
  if (file) {
    mkdirSync(dirname(file), { recursive: true })
    for (const change of readChanges(file)) apply(change)
    compact(file, tables)
  }
  let waiting: string[] | undefined
  const write = (change: Change) => {
    const line = `${JSON.stringify(change)}\n`
    if (waiting) waiting.push(line)
    else if (file) appendFileSync(file, line)
    apply(change)
  }
  return {
    batch(work) {
      waiting = []
      try {
        return work()
      } finally {
        if (file) appendFileSync(file, waiting.join(''))
        waiting = undefined
      }
    },
    table<Row extends { id: string }>(name: string): Table<Row> {
      const own = rows(name) as Map<string, Row>
      return {
        get: (id) => own.get(id),
        all: () => [...own.values()],
        put(row) {
          write({ table: name, id: row.id, row })
          return row
        },
        remove: (id) => write({ table: name, id, row: null }),
      }
    },
  }
}

function readChanges(file: string): Change[] {
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n')
  // A complete file ends with a line feed. What stands after the last one is a line that the
  // process was killed in: its caller never had an answer, so it is dropped.
  lines.pop()
  return lines.map((line) => JSON.parse(line) as Change)
}

function compact(file: string, tables: Map<string, Map<string, { id: string }>>): void {
  let text = ''
  for (const [table, rows] of tables)
    for (const [id, row] of rows) text += `${JSON.stringify({ table, id, row })}\n`
  writeFileSync(`${file}.new`, text, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}
