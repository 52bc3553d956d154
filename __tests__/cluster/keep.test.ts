/** A node that dies is started again; one that cannot live ends everything (T4). */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { keepNode } from '../../deploy/cluster/keep.ts'
import { makeClosing } from '../../deploy/start/closing.ts'
import { until } from '../world.ts'

const dir = mkdtempSync(path.join(os.tmpdir(), 'jiyue-keep-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

/** A node of which nothing is left but its readiness. */
function node() {
  const file = path.join(dir, 'node.mts')
  writeFileSync(file, `console.log('ready ' + process.pid); setInterval(() => {}, 1000)`)
  return { title: '节点', file, env: {}, log: path.join(dir, 'node.log') }
}

test('started again after each death, until three in a minute: then all ends with its last words', async () => {
  const said: string[] = []
  const closing = makeClosing(() => {})
  let running = (await keepNode(node(), closing, (sentence) => said.push(sentence))).pid
  for (const recovered of [1, 2]) {
    process.kill(running, 'SIGKILL')
    const back = () => said.filter((sentence) => sentence === '节点已恢复').length === recovered
    await until('it is back', async () => back())
    running = await lifeAfter(running)
  }
  process.kill(running, 'SIGKILL')
  await expect(closing.asked).rejects.toThrow('节点意外退出（SIGKILL）')
  await closing.closeAll()
})

test('told to end it ends, whichever life it is in', async () => {
  const said: string[] = []
  const closing = makeClosing((sentence) => said.push(sentence))
  const first = await keepNode(node(), closing, (sentence) => said.push(sentence))
  process.kill(first.pid, 'SIGKILL')
  await until('it is back', async () => said.includes('节点已恢复'))
  const second = await lifeAfter(first.pid)
  closing.ask()
  await closing.closeAll()
  expect(said.at(-1)).toBe('已停止：节点')
  expect(() => process.kill(second, 0)).toThrow('ESRCH')
})

/** The process that followed `pid`, once the log has it: it is written behind what is said. */
function lifeAfter(pid: number): Promise<number> {
  return until('its number in the log', async () => {
    const text = readFileSync(path.join(dir, 'node.log'), 'utf8')
    const last = Number([...text.matchAll(/ready (\d+)\n/g)].at(-1)?.[1])
    return last !== pid && last
  })
}
