import fs from 'node:fs'
import path from 'node:path'

/** The part of webpack's resolver that this plugin touches. */
interface Resolver {
  ensureHook(name: string): unknown
  getHook(name: string): {
    tapAsync(
      name: string,
      fn: (
        request: Request,
        context: unknown,
        callback: (err?: unknown, to?: unknown) => void,
      ) => void,
    ): void
  }
  doResolve(
    hook: unknown,
    request: Request,
    message: string,
    context: unknown,
    callback: (err?: unknown, to?: unknown) => void,
  ): void
}
interface Request {
  path: string
  request?: string
}

/**
 * Resolver plugin: `./x.ts` means `./x.weapp.ts` (or `.alipay`) when that file exists.
 *
 * Taro knows this rule only for imports without an extension; ours carry `.ts`, so that
 * Node can run the same files.
 */
export class HostFile {
  host: string
  constructor(host: string) {
    this.host = host
  }

  apply(resolver: Resolver): void {
    const target = resolver.ensureHook('resolve')
    resolver.getHook('described-resolve').tapAsync('HostFile', (request, context, callback) => {
      const variant = this.variantOf(request.path, request.request ?? '')
      if (!variant) return callback()
      resolver.doResolve(target, { ...request, request: variant }, 'host file', context, callback)
    })
  }

  /** The host's own file for an import, or undefined when there is none. */
  variantOf(folder: string, asked: string): string | undefined {
    const parts = /^(\.{1,2}\/.*)\.(tsx?)$/.exec(asked)
    if (!parts) return undefined
    const variant = `${parts[1]}.${this.host}.${parts[2]}`
    return fs.existsSync(path.resolve(folder, variant)) ? variant : undefined
  }
}
