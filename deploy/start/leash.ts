/**
 * Loaded into every child before its own code (`node --import`). The child's standard input is a
 * pipe from the orchestrator; when it closes, the orchestrator is gone (also by kill -9) and the
 * child ends the way it would on SIGTERM, so no orphan keeps a port.
 */
const GIVE_UP_MS = 15_000

process.stdin.on('end', letGo).on('error', letGo).resume()
;(process.stdin as unknown as { unref?(): void }).unref?.()

function letGo(): void {
  setTimeout(() => process.exit(1), GIVE_UP_MS).unref()
  process.kill(process.pid, 'SIGTERM')
}
