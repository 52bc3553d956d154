import { startSandbox } from './sandbox.ts'

/** Settings from the environment: SANDBOX_DIR (required), SANDBOX_PORT (0 = any), SANDBOX_HOST. */
const { SANDBOX_DIR: dir, SANDBOX_PORT: port = '0', SANDBOX_HOST: host = '127.0.0.1' } = process.env
if (!dir) {
  console.error('SANDBOX_DIR is not set: name the folder for the sandbox’s keys and data')
  process.exit(1)
}
if (process.env.NODE_ENV === 'production') {
  console.error(
    'The sandbox is no place for real money: it does not start with NODE_ENV=production',
  )
  process.exit(1)
}

const sandbox = await startSandbox({ dir, port: Number(port), host })
console.log(`ready ${sandbox.url}`)

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => sandbox.stop().then(() => process.exit(0)))
