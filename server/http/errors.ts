/** Whatever goes wrong leaves in one envelope, in Chinese, with a code; details stay in the log. */
import {
  type FieldRefusal,
  type RefusalBody,
  type RefusalCode,
  refusals,
} from '@jiyue/contract/refusals'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { Refused } from './refusal.ts'

/** Sends a refusal as contract/refusals.ts says. */
export function sendRefusal(
  request: FastifyRequest,
  reply: FastifyReply,
  no: Refused,
): FastifyReply {
  const { status, zh } = refusals[no.refused]
  const body: RefusalBody = {
    error: {
      code: no.refused,
      message: zh,
      ...(no.fields && { fields: no.fields }),
      requestId: request.id,
    },
  }
  return reply.code(status).header('cache-control', 'no-store').send(body)
}

/** Answers whatever was thrown, by us or by the framework before it found a route. */
export function sendError(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const code = codeOf(error)
  if (code === 'internal') request.log.error({ err: error }, 'failed')
  return sendRefusal(request, reply, { refused: code, ...fieldsOf(error) })
}

const BY_FASTIFY: Record<string, RefusalCode> = {
  FST_ERR_VALIDATION: 'malformed',
  FST_ERR_CTP_BODY_TOO_LARGE: 'too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'malformed',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed',
  FST_ERR_CTP_INVALID_JSON_BODY: 'malformed',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'malformed',
  FST_ERR_BAD_URL: 'malformed',
  FST_ERR_MAX_PARAM_LENGTH: 'not_found',
}

function codeOf(error: FastifyError): RefusalCode {
  if (error.statusCode === 429) return 'too_many_requests'
  const known = BY_FASTIFY[error.code]
  if (known) return known
  if (isDatabaseAway(error)) return 'unavailable'
  // refuse_erased (SQL): they erased themselves while this request was under way.
  if (error.code === 'JYERA') return 'unauthenticated'
  return error.statusCode !== undefined && error.statusCode < 500 ? 'malformed' : 'internal'
}

/** Connection refused or lost, shutting down, lock or statement timeouts: try again is right. */
function isDatabaseAway({ code, message }: FastifyError): boolean {
  return (
    /^(ECONN|EPIPE|57P0|08|55P03|57014|53300)/.test(code ?? '') ||
    /Connection terminated|is not queryable|timeout exceeded when trying to connect/.test(message)
  )
}

function fieldsOf(error: FastifyError): { fields?: FieldRefusal[] } {
  if (!error.validation) return {}
  const fields = error.validation.map((issue) => ({
    path: issue.instancePath.replace(/^\//, '').replaceAll('/', '.'),
    code: String(issue.keyword),
    message: issue.message ?? refusals.malformed.zh,
  }))
  return { fields }
}
