/** What nothing costs: memory of a thousand idle sockets, and the time until a node answers. Reported. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import WebSocket from 'ws'
import type { Pace } from './http.ts'
import type { Row } from './row.ts'
import { bareBroadcast } from './sockets.ts'
import type { Stage } from './stage.ts'

const SOCKETS = 1000

export async function idle(stage: Stage, { rounds }: Pace): Promise<Row[]> {
  const memory: Row = {
    what: `memory of ${SOCKETS} idle sockets`,
    reference: 'bare ws',
    unit: 'MB',
    rounds: [],
  }
  const start: Row = {
    what: 'start of a node until it is ready',
    reference: 'bare node',
    unit: 'ms',
    rounds: [],
  }
  for (let round = 0; round < rounds; round++) {
    memory.rounds.push({ ours: await memoryOf(stage), reference: await memoryOfBare() })
    const ours = await timed(() => startOnce(stage))
    start.rounds.push({ ours, reference: await timed(startBare) })
  }
  return [memory, start]
}

/** Resident memory that sockets which follow a service add to a fresh node, MB. */
async function memoryOf(stage: Stage): Promise<number> {
  const node = await stage.another()
  const follow = JSON.stringify({ type: 'follow', topics: [`service:${stage.service}`] })
  const grown = await growthOf(node.pid, `${node.address.replace('http', 'ws')}/v1/live`, follow)
  await node.stop()
  return grown
}

async function memoryOfBare(): Promise<number> {
  const bare = await bareBroadcast()
  const grown = await growthOf(bare.child.pid ?? 0, bare.address.replace('http', 'ws'), null)
  await bare.stop()
  return grown
}

async function growthOf(pid: number, url: string, greeting: string | null): Promise<number> {
  const before = residentMb(pid)
  const sockets: WebSocket[] = []
  for (let i = 0; i < SOCKETS; i++) {
    const socket = new WebSocket(url)
    sockets.push(socket)
    await once(socket, 'open')
    if (greeting) socket.send(greeting)
  }
  const grown = residentMb(pid) - before
  for (const socket of sockets) socket.terminate()
  return grown
}

function residentMb(pid: number): number {
  const kb = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kb) / 1024
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

async function startOnce(stage: Stage): Promise<void> {
  const node = await stage.another()
  void node.stop()
}

async function startBare(): Promise<void> {
  await once(spawn(process.execPath, ['-e', '0']), 'exit')
}
