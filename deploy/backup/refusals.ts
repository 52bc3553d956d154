/** Why a restore is not done, each a sentence with a way out. Nothing has been harmed by any. */
import { StartError } from '../../server/db/startError.ts'
import type { Vault } from './vault.ts'

const when = (time: Date | string) => new Date(time).toISOString()

export function wrongTimeError(text: string): StartError {
  return new StartError(
    `--to ${text} 不是时间。请写成 2026-12-01T09:30:00+08:00（不写时区按北京时间）。`,
    `--to ${text} is not a time. Write 2026-12-01T09:30:00+08:00 (Beijing time without a zone).`,
  )
}

export function futureError(to: Date): StartError {
  return new StartError(
    `--to ${when(to)} 还没有到。要恢复全部数据，请不写 --to。`,
    `--to ${when(to)} is in the future. Leave --to out to restore everything.`,
  )
}

export function noBackupError(dir: string): StartError {
  return new StartError(
    `${dir} 中没有可用的基础备份。请用 BACKUP_DIR=… 指定备份所在的目录。`,
    `There is no base backup in ${dir}. Name the folder that has one with BACKUP_DIR=….`,
  )
}

export function tooEarlyError(to: Date | undefined, earliest: string | undefined): StartError {
  return new StartError(
    `没有早于 ${to ? when(to) : ''} 的基础备份，最早可恢复到 ${earliest}。`,
    `No base backup is that old; the earliest time to restore is ${earliest}.`,
  )
}

export function beyondError(to: Date, last: string | undefined): StartError {
  return new StartError(
    `归档在 ${when(to)} 之前已经结束（最后一笔改动：${last ?? '无'}）。要恢复全部归档，请不写 --to。`,
    `The archive ends before ${when(to)} (last change: ${last ?? 'none'}). Leave --to out to restore all of it.`,
  )
}

export function holeError(file: string, { wal }: Vault): StartError {
  return new StartError(
    `归档不完整：${wal} 中缺少 ${file}，无法证明恢复的数据是完整的，未恢复。请找回该文件，或用 --to 恢复到它之前的时间。`,
    `The archive has a hole: ${file} is missing in ${wal}; nothing was restored because it could not be complete. Find that file, or restore to a time before it with --to.`,
  )
}

export function brokenLogError(last: string | undefined): StartError {
  return new StartError(
    `归档中有损坏的日志，只能读到 ${last ?? '基础备份'} 为止，未恢复。若接受丢失其后的改动，请用 --to 指定不晚于它的时间。`,
    `The archived log is broken and can be read up to ${last ?? 'the base backup'} only; nothing was restored. To go on without what came later, give that time with --to.`,
  )
}

export function livingError(into: string): StartError {
  return new StartError(
    `${into} 中已有数据库，未改动。请用 --into 指定新目录；确实要替换它时加 --over（原数据会改名保留）。`,
    `There is a database in ${into}; it was not touched. Choose a new folder with --into, or add --over to replace it (it is kept under another name).`,
  )
}

export function runningError(into: string, pid: number): StartError {
  return new StartError(
    `${into} 的数据库正在运行（PID ${pid}），未改动。请先停止它。`,
    `The database of ${into} is running (process ${pid}); it was not touched. Stop it first.`,
  )
}

export function occupiedError({ root }: Vault): StartError {
  return new StartError(
    `${root} 正由另一个运行中的数据库归档，本库是它恢复出来的副本，未写入。若只是查看，请用 BACKUP_DIR=… 另选目录；若要用它接替，请先停止另一个，一分钟后再启动。`,
    `${root} is being written by another living database, of which this one is a restored copy; nothing was written. Only to look at it, choose another BACKUP_DIR=…; to go on with it, stop the other one and start again after a minute.`,
  )
}

export function continuedError({ root }: Vault, timeline: number): StartError {
  return new StartError(
    `${root} 已由恢复出来的数据库接着归档（时间线 ${timeline}），本库是较早的一个，未写入。请确认哪一个才是现在的数据库；仍要使用本库时用 BACKUP_DIR=… 另选目录。`,
    `${root} is continued by a restored database (timeline ${timeline}) and this is the older one; nothing was written. Find out which is the present database; to use this one all the same choose another BACKUP_DIR=….`,
  )
}
