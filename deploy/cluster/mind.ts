/**
 * A program that is not ours (nginx, redis-server) as a child of ours: it says `ready` when somebody
 * listens at `AT`, ends on SIGTERM, and so ends with its orchestrator too (deploy/start/leash.ts).
 * Told by PROGRAM, ARGS (a JSON list) and AT (`host:port`).
 */
import { spawn } from 'node:child_process'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

const { PROGRAM = '', ARGS = '[]', AT = '' } = process.env
const child = spawn(PROGRAM, JSON.parse(ARGS), { stdio: ['ignore', 'inherit', 'inherit'] })
let told = false
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    told = true
    child.kill('SIGTERM')
  })
}
child.on('error', (error) => {
  console.error(error.message)
  process.exit(1)
})
child.on('exit', (code) => process.exit(told ? 0 : (code ?? 1)))
while (!(await listens())) await pause(50)
console.log(`ready ${AT}`)

function listens(): Promise<boolean> {
  const [, host, port] = /^(.*):(\d+)$/.exec(AT) ?? []
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port) })
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
