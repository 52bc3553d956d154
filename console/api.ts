/** The one way the console talks to the server: the contract's caller over `fetch`. */
import { type Answer, type Call, createCall, type No, type Request } from '@jiyue/contract/client'
import { translated } from './english/text.ts'
import { expire, token } from './session.ts'

const ask = createCall(send, token)

/** Calls an endpoint. A token that the server no longer knows ends the session, here and only here. */
export const call: Call = async (name, input) => {
  const asked = token()
  const result = await ask(name, input)
  // A late answer to the last person's token must not sign out the next one.
  if (!result.ok && result.code === 'unauthenticated' && asked === token()) expire()
  return result.ok ? result : inLanguage(result)
}

/** A refusal's sentences in the language of the console; their facts stay. */
function inLanguage(no: No): No {
  const fields = no.fields?.map((one) => ({ ...one, message: translated(one.message) }))
  return { ...no, message: translated(no.message), ...(fields && { fields }) }
}

/** Moves bytes by `fetch`; never throws. An answer without JSON (a proxy's page) has body null. */
async function send(request: Request): Promise<Answer> {
  const { method, path, body, token, timeoutMs = 15_000 } = request
  const headers: Record<string, string> = {}
  if (token) headers.authorization = `Bearer ${token}`
  if (body !== undefined) headers['content-type'] = 'application/json'
  try {
    const answer = await fetch(path, {
      method,
      headers,
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    return { status: answer.status, body: parsed(text) }
  } catch (error) {
    const late = error instanceof DOMException && error.name === 'TimeoutError'
    return { status: 0, cause: late ? 'timeout' : 'offline' }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
