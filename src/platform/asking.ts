import axios, { type AxiosAdapter } from 'axios'
import type { Send } from './types.ts'

/** Longer than a weak network's worst second, shorter than a person's patience. */
const TIMEOUT_MS = 10_000

/** The product's one axios, on the host's adapter. */
export function createSend(adapter: AxiosAdapter | 'xhr'): Send {
  const client = axios.create({
    adapter,
    baseURL: API_BASE,
    timeout: TIMEOUT_MS,
    // Every answer is an answer; the contract's caller reads the status.
    validateStatus: () => true,
  })
  return async ({ method, path, body, token, timeoutMs }, cancelToken) => {
    try {
      const { status, data } = await client.request<unknown>({
        method,
        url: path,
        data: body,
        headers: token ? { Authorization: `Bearer ${token}` } : {},
        timeout: timeoutMs ?? TIMEOUT_MS,
        ...(cancelToken ? { cancelToken } : {}),
      })
      return { status, body: data === '' ? null : data }
    } catch (error) {
      return { status: 0, cause: causeOf(error) }
    }
  }
}

/** Why nothing came back. What is not the network's doing is our own mistake and goes on up. */
function causeOf(error: unknown): 'offline' | 'timeout' {
  if (axios.isCancel(error)) return 'offline'
  if (!axios.isAxiosError(error)) throw error
  return error.code === 'ECONNABORTED' || error.code === 'ETIMEDOUT' ? 'timeout' : 'offline'
}
