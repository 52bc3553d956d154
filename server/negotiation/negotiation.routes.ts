import type { FastifyInstance } from 'fastify'
import { serve } from '../http/serve.ts'
import type { Parts } from '../parts.ts'
import { answer, listConsoleNegotiations } from './answer.ts'
import { askForTime, dropNegotiation, listNegotiations } from './negotiation.ts'

export function negotiationRoutes(app: FastifyInstance, parts: Parts): void {
  serve(app, parts, 'listNegotiations', ({ caller }) => listNegotiations(parts, caller.id))

  serve(app, parts, 'putNegotiation', ({ params, body, caller }) =>
    askForTime(parts, { id: params.id, userId: caller.id, ...body }),
  )

  serve(app, parts, 'deleteNegotiation', ({ params, caller }) =>
    dropNegotiation(parts, params.id, caller.id),
  )

  serve(app, parts, 'listConsoleNegotiations', () => listConsoleNegotiations(parts))

  serve(app, parts, 'putNegotiationAnswer', ({ params, body, caller }) =>
    answer(parts, params.id, body, caller.id),
  )
}
