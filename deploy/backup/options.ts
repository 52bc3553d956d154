import path from 'node:path'
import { parseArgs } from 'node:util'
import { StartError } from '../../server/db/startError.ts'
import { wrongTimeError } from './refusals.ts'

/** What `npm run restore --` was told. `into` undefined: a new folder beside the data. */
export type RestoreArgs = { to: Date | undefined; into: string | undefined; over: boolean }

const HAS_ZONE = /(Z|[+-]\d{2}:?\d{2})$/i
const TIME = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?(Z|[+-]\d{2}:?\d{2})?$/i

/** Reads `--to <time> --into <folder> --over`. Throws `StartError` for anything else. */
export function readRestoreArgs(args: string[]): RestoreArgs {
  const { values } = parse(args)
  return {
    to: values.to === undefined ? undefined : readTime(values.to),
    into: values.into === undefined ? undefined : path.resolve(values.into),
    over: values.over === true,
  }
}

/** An instant; without a zone the merchant's clock is meant. */
export function readTime(text: string): Date {
  if (!TIME.test(text)) throw wrongTimeError(text)
  const whole = text.includes(':') ? text.replace(' ', 'T') : `${text}T00:00`
  const time = new Date(HAS_ZONE.test(whole.slice(10)) ? whole : `${whole}+08:00`)
  if (Number.isNaN(time.getTime())) throw wrongTimeError(text)
  return time
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        to: { type: 'string' },
        into: { type: 'string' },
        over: { type: 'boolean' },
      },
    })
  } catch {
    throw new StartError(
      '用法：npm run restore -- [--to 2026-12-01T09:30:00+08:00] [--into 目录] [--over]',
      'Usage: npm run restore -- [--to <time>] [--into <folder>] [--over]',
    )
  }
}
