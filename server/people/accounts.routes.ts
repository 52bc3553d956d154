import type { FastifyInstance } from 'fastify'
import { serve } from '../http/serve.ts'
import type { Parts } from '../parts.ts'
import {
  deactivate,
  listPeople,
  putPerson,
  reactivate,
  resetSecond,
  signOutPerson,
} from './accounts.ts'
import { readConsoleMe, signInToConsole } from './console.ts'
import { acceptInvitation, invite, readInvitation } from './invitations.ts'
import {
  beginSecond,
  changePassword,
  endOtherSessions,
  endOwnSession,
  listSessions,
  offerSecond,
  renewRecoveryCodes,
} from './own.ts'
import { endSession } from './sessions.ts'

/** The merchant's people: signing in, their accounts, one's own. */
export function accountRoutes(app: FastifyInstance, parts: Parts): void {
  serve(app, parts, 'createConsoleSession', ({ body, ip, agent }) =>
    signInToConsole(parts, body, { ip, agent }),
  )

  serve(app, parts, 'deleteConsoleSession', async ({ token }) => {
    await endSession(parts.db, token ?? '')
    parts.bus.changed({ signedOut: true })
    return {}
  })

  serve(app, parts, 'getConsoleMe', ({ caller }) => readConsoleMe(parts, caller))

  serve(app, parts, 'listPeople', () => listPeople(parts))
  serve(app, parts, 'putPerson', ({ params, body }) => putPerson(parts, params.id, body))
  serve(app, parts, 'createInvitation', ({ params }) => invite(parts, params.id))
  serve(app, parts, 'putDeactivation', ({ params }) => deactivate(parts, params.id))
  serve(app, parts, 'deleteDeactivation', ({ params }) => reactivate(parts, params.id))
  serve(app, parts, 'deletePersonSessions', ({ params }) => signOutPerson(parts, params.id))
  serve(app, parts, 'putSecondReset', ({ params }) => resetSecond(parts, params.id))

  serve(app, parts, 'readInvitation', ({ body }) => readInvitation(parts, body.token))
  serve(app, parts, 'createPassword', ({ body }) =>
    acceptInvitation(parts, body.token, body.password),
  )

  serve(app, parts, 'putPassword', ({ caller, body }) => changePassword(parts, caller, body))
  serve(app, parts, 'createSecond', ({ caller, body }) => offerSecond(parts, caller, body))
  serve(app, parts, 'putSecond', ({ caller, body }) => beginSecond(parts, caller, body.code))
  serve(app, parts, 'createRecoveryCodes', ({ caller, body }) =>
    renewRecoveryCodes(parts, caller, body.code),
  )
  serve(app, parts, 'listSessions', ({ caller }) => listSessions(parts, caller))
  serve(app, parts, 'deleteOwnSession', ({ caller, params }) =>
    endOwnSession(parts, caller, params.id),
  )
  serve(app, parts, 'deleteOtherSessions', ({ caller }) => endOtherSessions(parts, caller))
}
