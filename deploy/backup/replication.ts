/**
 * PostgreSQL's streaming replication protocol, over a connection of `pg`. Messages and commands are
 * those of its manual's chapter of that name; offsets below follow it.
 */
import pg from 'pg'
import { lsnOf, lsnText } from './lsn.ts'

/** The name under which commits wait for us (synchronous_standby_names), and of our slot. */
export const ARCHIVE = 'jiyue_archive'

export type Identity = {
  systemId: string
  timeline: number
  /** How far the log is on the server's own disk. */
  flushed: bigint
  segmentBytes: number
  major: string
}

export async function connectReplication(url: string, name = ARCHIVE): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: name,
    connectionTimeoutMillis: 10_000,
    replication: 'true',
  } as pg.ClientConfig)
  client.on('error', () => {}) // what is asked of it rejects, and that tells
  await client.connect()
  return client
}

export async function identify(client: pg.Client): Promise<Identity> {
  const [row] = (await client.query('IDENTIFY_SYSTEM')).rows
  const size = (await client.query('SHOW wal_segment_size')).rows[0].wal_segment_size as string
  const version = (await client.query('SHOW server_version')).rows[0].server_version as string
  return {
    systemId: row.systemid,
    timeline: Number(row.timeline),
    flushed: lsnOf(row.xlogpos),
    segmentBytes: Number.parseInt(size, 10) * (size.endsWith('GB') ? 2 ** 30 : 2 ** 20),
    major: version.split('.')[0] ?? '',
  }
}

/** Where our slot makes the server keep its log from; undefined when there is no usable slot. */
export async function slotStart(client: pg.Client): Promise<bigint | undefined> {
  const [row] = (await client.query(`READ_REPLICATION_SLOT ${ARCHIVE}`)).rows
  return row?.restart_lsn ? lsnOf(row.restart_lsn) : undefined
}

/** Makes the slot; one that the server has given up (it would have filled the disk) is replaced. */
export async function makeSlot(client: pg.Client): Promise<void> {
  const [row] = (await client.query(`READ_REPLICATION_SLOT ${ARCHIVE}`)).rows
  if (row?.slot_type) await client.query(`DROP_REPLICATION_SLOT ${ARCHIVE}`)
  await client.query(`CREATE_REPLICATION_SLOT ${ARCHIVE} PHYSICAL (RESERVE_WAL)`)
}

/** The file that says how a timeline came to be: its name and its bytes. */
export async function timelineHistory(client: pg.Client, timeline: number) {
  const [row] = (await client.query(`TIMELINE_HISTORY ${timeline}`)).rows
  const { filename, content } = row as { filename: string; content: string | Buffer }
  return { file: filename, content: Buffer.from(content) }
}

/** What a stream tells: bytes of the log at `lsn`, or only how far the server is. */
export type News = { lsn: bigint; data: Buffer } | { alive: true; wantsReply: boolean }

export type Stream = {
  /** Tells the server what is safe here; commits wait for this. */
  acknowledge(flushed: bigint): void
  /** Rejects when the stream ends, which it does only by a fault or by `client.end()`. */
  ended: Promise<never>
}

/** Streams the log from `from` on. `hear` gets each piece in order, and the server's end of the log. */
export function stream(
  client: pg.Client,
  from: bigint,
  timeline: number,
  hear: (news: News, serverEnd: bigint) => void,
): Stream {
  const connection = client.connection as pg.Connection & { sendCopyFromChunk(b: Buffer): void }
  let fail: (error: unknown) => void = () => {}
  const ended = new Promise<never>((_, reject) => {
    fail = reject
  })
  connection.on('copyData', ({ chunk }: { chunk: Buffer }) => {
    try {
      const kind = chunk[0]
      if (kind === LOG)
        hear({ lsn: chunk.readBigUInt64BE(1), data: chunk.subarray(25) }, chunk.readBigUInt64BE(9))
      else if (kind === KEEPALIVE)
        hear({ alive: true, wantsReply: chunk[17] === 1 }, chunk.readBigUInt64BE(1))
    } catch (error) {
      fail(error)
    }
  })
  client.on('error', fail)
  client.on('end', () => fail(new Error('the connection ended')))
  client
    .query(`START_REPLICATION SLOT ${ARCHIVE} PHYSICAL ${lsnText(from)} TIMELINE ${timeline}`)
    .then(() => fail(new Error('the server ended the stream')), fail)
  const acknowledge = (flushed: bigint) => {
    const status = Buffer.alloc(34)
    status.write('r')
    for (const at of [1, 9, 17]) status.writeBigUInt64BE(flushed, at)
    status.writeBigInt64BE(BigInt(Date.now() - Y2K_MS) * 1000n, 25)
    connection.sendCopyFromChunk(status)
  }
  return { acknowledge, ended }
}

const LOG = 'w'.charCodeAt(0)
const KEEPALIVE = 'k'.charCodeAt(0)
/** The protocol counts microseconds from here. */
const Y2K_MS = Date.UTC(2000, 0, 1)
