import path from 'node:path'
import { buildIfChanged, FRONTS, type Front } from './build.ts'
import { type Child, type ChildOptions, startChild } from './child.ts'
import type { Closing } from './closing.ts'
import { seedDemo } from './demo.ts'
import type { Options } from './options.ts'
import { step } from './say.ts'

/** Builds both fronts, beside the rest of the start; their failure ends it like any other. */
export function buildFronts(closing: Closing): Promise<unknown> {
  const fronts = Promise.all(FRONTS.map((front) => build(front, closing)))
  fronts.catch((error) => closing.ask(error))
  return fronts
}

async function build(front: Front, closing: Closing): Promise<void> {
  const work = buildIfChanged(front)
  if (!work) return
  closing.hold(Promise.resolve(), () => work.stop())
  await step(`构建${front.title}（源码有变化，约一分钟）`, work.done)
}

/** Without real keys: the platforms' sandbox, and a merchant to try things with. */
export async function startDemo(options: Options, databaseUrl: string, closing: Closing) {
  const sandbox = await startSandbox(options, closing)
  const accounts = await closing.hold(step('演示数据', seedDemo(databaseUrl)))
  return { sandbox, accounts }
}

function startSandbox(options: Options, closing: Closing): Promise<Child> {
  const env = {
    SANDBOX_DIR: path.join(options.dataDir, 'sandbox'),
    SANDBOX_PORT: String(options.sandboxPort),
  }
  return start(
    { title: '平台沙箱', file: 'sandbox/main.ts', env, log: logOf(options, 'sandbox') },
    closing,
  )
}

/** Starts a program of ours; its death ends everything. */
export async function start(child: ChildOptions, closing: Closing): Promise<Child> {
  const started = step(child.title, startChild(child, closing.giveUp))
  const running = await closing.hold(started, (value) => value.stop(), child.title)
  running.died.then((error) => closing.ask(error))
  return running
}

/** Where the platforms' addresses and keys are: the operator's, or what the sandbox wrote. */
export function credentialsOf({ credentialsFile, dataDir }: Options): string {
  return credentialsFile ?? path.join(dataDir, 'sandbox', 'credentials.json')
}

export function logOf({ dataDir }: Options, name: string): string {
  return path.join(dataDir, 'logs', `${name}.log`)
}
