/**
 * The JavaScript world a mini-program runs in: its own realm, only the language's own globals,
 * no code from text, and no newer built-ins than the oldest phone we promise (iOS 12, T8).
 */
import fs from 'node:fs'
import path from 'node:path'
import vm from 'node:vm'

/** Newer than Safari 12; an app that needs one of them without a polyfill must fail here. */
const TOO_NEW = [
  'delete Promise.allSettled; delete Promise.any; delete Promise.withResolvers; delete Promise.try',
  'delete Object.fromEntries; delete Object.hasOwn; delete Object.groupBy; delete Map.groupBy',
  'delete Array.fromAsync; delete Array.prototype.at; delete String.prototype.at',
  'delete String.prototype.replaceAll; delete String.prototype.matchAll',
  'delete Array.prototype.findLast; delete Array.prototype.findLastIndex',
  'delete Array.prototype.toSorted; delete Array.prototype.toReversed',
  'delete Array.prototype.toSpliced; delete Array.prototype.with',
  'delete globalThis.WeakRef; delete globalThis.FinalizationRegistry; delete globalThis.BigInt',
  // Mini-programs have no Intl that can be trusted.
  'delete globalThis.Intl; delete globalThis.WebAssembly',
].join(';')

export interface Realm {
  /** The realm's global object. */
  global: Record<string, unknown>
  /** A copy of plain data, made of the realm's own objects: frameworks look at prototypes. */
  inside<T>(data: T): T
  /** Runs a file of the build once, with everything it requires; the answer is its exports. */
  run(file: string): unknown
  /** Calls into the app; what it throws goes to `errors`, as a real host reports and goes on. */
  call(fn: unknown, self: unknown, ...args: unknown[]): unknown
  /** Timers due within a moment. Far ones (countdowns) do not count as work. */
  soon(): number
  /** Everything that went wrong in app code. */
  errors: unknown[]
  /** No timer and no call reaches the app any more. */
  end(): void
}

/** `mayRequire` is the host's rule of who may load whom; `stirred` hears of every timer. */
export function createRealm(
  dist: string,
  mayRequire: (from: string, to: string) => boolean,
  stirred: () => void,
): Realm {
  const errors: unknown[] = []
  const timers = new Map<number, { stop(): void; soon: boolean }>()
  const modules = new Map<string, { exports: unknown }>()
  let lastTimer = 0
  let over = false

  const context = vm.createContext({}, { codeGeneration: { strings: false, wasm: false } })
  vm.runInContext(TOO_NEW, context)
  const global = vm.runInContext('globalThis', context) as Record<string, unknown>
  const parse = vm.runInContext('JSON.parse', context) as typeof JSON.parse

  const call: Realm['call'] = (fn, self, ...args) => {
    if (over || typeof fn !== 'function') return undefined
    try {
      return fn.apply(self, args)
    } catch (error) {
      errors.push(error)
      stirred()
      return undefined
    }
  }

  function start(repeat: boolean, fn: unknown, delay: unknown, args: unknown[]): number {
    const ms = Number(delay) || 0
    const id = ++lastTimer
    const fire = () => {
      if (!repeat) timers.delete(id)
      call(fn, undefined, ...args)
      stirred()
    }
    const timer = repeat ? setInterval(fire, ms) : setTimeout(fire, ms)
    // A phone that a failed test left open must not keep the test run from ending.
    timer.unref()
    timers.set(id, { stop: () => clearTimeout(timer), soon: !repeat && ms < 500 })
    return id
  }
  const stop = (id: unknown) => {
    timers.get(id as number)?.stop()
    timers.delete(id as number)
  }

  Object.assign(global, {
    setTimeout: (fn: unknown, ms?: unknown, ...args: unknown[]) => start(false, fn, ms, args),
    setInterval: (fn: unknown, ms?: unknown, ...args: unknown[]) => start(true, fn, ms, args),
    clearTimeout: stop,
    clearInterval: stop,
    console: appConsole(errors),
  })

  function run(file: string): unknown {
    const known = modules.get(file)
    if (known) return known.exports
    const module = { exports: {} as unknown }
    modules.set(file, module)
    const load = (asked: string) => {
      const to = `${path.resolve(path.dirname(file), asked).replace(/\.js$/, '')}.js`
      if (!mayRequire(path.relative(dist, file), path.relative(dist, to))) {
        throw new Error(`${path.relative(dist, file)} may not load ${path.relative(dist, to)}`)
      }
      return run(to)
    }
    const code = `(function (require, module, exports) {${fs.readFileSync(file, 'utf8')}\n})`
    const wrapped = vm.runInContext(code, context, { filename: file }) as CallableFunction
    try {
      wrapped(load, module, module.exports)
    } catch (error) {
      // Told anew, for a message that quotes a line of compiled code quotes the whole file.
      throw new Error(`${path.relative(dist, file)} breaks while loading: ${error}`)
    }
    return module.exports
  }

  return {
    global,
    errors,
    run,
    call,
    inside: (data) => (data === undefined ? data : parse(JSON.stringify(data))),
    soon: () => Array.from(timers.values()).filter((timer) => timer.soon).length,
    end() {
      over = true
      for (const timer of timers.values()) timer.stop()
      timers.clear()
    },
  }
}

/** The app's console: errors count as failures, for React and Taro report theirs there. */
function appConsole(errors: unknown[]): object {
  const quiet = () => undefined
  const error = (...said: unknown[]) => {
    errors.push(new Error(said.map(String).join(' ')))
  }
  return { log: quiet, info: quiet, debug: quiet, warn: quiet, time: quiet, timeEnd: quiet, error }
}
