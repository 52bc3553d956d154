import Taro from '@tarojs/taro'
import axios, { type AxiosAdapter, AxiosError, AxiosHeaders } from 'axios'

/** What a host's `fail` callback really meant. */
export type Failure = { status: number; data: unknown; headers: object } | 'timeout' | 'offline'

/**
 * Axios over Taro.request, for mini-programs (they have no XMLHttpRequest). Bodies and query
 * strings arrive here as text already, and answers leave as text: axios writes and reads JSON,
 * for the hosts differ in what they do with an empty or broken body.
 */
export function taroAdapter(readFailure: (failed: unknown) => Failure): AxiosAdapter {
  return (config) =>
    new Promise((resolve, reject) => {
      const task = Taro.request({
        url: axios.getUri(config),
        method: (config.method ?? 'GET').toUpperCase() as 'GET' | 'PUT' | 'POST' | 'DELETE',
        data: config.data,
        header: headersOf(config),
        dataType: 'text',
        responseType: 'text',
        timeout: config.timeout,
        // Nobody may answer a rejected promise twice, so both endings are read from callbacks.
        success: ({ statusCode, data, header }) => settle(statusCode, data, header),
        fail: (failed) => {
          const meant = readFailure(failed)
          if (typeof meant === 'object') return settle(meant.status, meant.data, meant.headers)
          const code = meant === 'timeout' ? AxiosError.ETIMEDOUT : AxiosError.ERR_NETWORK
          reject(new AxiosError(meant, code, config, task))
        },
      })
      // The promise repeats what the callbacks said; a failure in it has been dealt with above.
      task.catch(() => undefined)
      config.cancelToken?.promise.then((reason) => {
        reject(reason)
        task.abort()
      })

      function settle(status: number, data: unknown, headers: object): void {
        const raw = headers as Record<string, string>
        resolve({ status, statusText: '', data, headers: raw, config, request: task })
      }
    })
}

/** Without a body there is no type: axios would call nothing a web form, which our API does not read. */
function headersOf({ headers, data }: Parameters<AxiosAdapter>[0]) {
  const all = AxiosHeaders.from(headers)
  if (data === undefined) all.delete('Content-Type')
  return all.toJSON()
}
