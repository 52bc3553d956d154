import type { FastifyInstance } from 'fastify'
import { serve } from '../http/serve.ts'
import type { Parts } from '../parts.ts'
import { deleteContact, listContacts, saveContact } from './contacts.ts'
import { addIdentity } from './identities.ts'
import { endSession } from './sessions.ts'
import { readUser, sendSignInCode, signInByHost, signInByPhone } from './signIn.ts'

export function peopleRoutes(app: FastifyInstance, parts: Parts): void {
  serve(app, parts, 'sendSignInCode', ({ body }) => sendSignInCode(parts, body.phone))

  serve(app, parts, 'createSession', ({ body }) =>
    body.host === 'h5'
      ? signInByPhone(parts, body.phone, body.code)
      : signInByHost(parts, body.host, body.code),
  )

  serve(app, parts, 'deleteSession', async ({ token }) => {
    await endSession(parts.db, token ?? '')
    return {}
  })

  serve(app, parts, 'getMe', ({ caller }) => readUser(parts, caller.id))

  serve(app, parts, 'putMe', async ({ body: { name }, caller }) => {
    await parts.db.updateTable('users').set({ name }).where('id', '=', caller.id).execute()
    return readUser(parts, caller.id)
  })

  serve(app, parts, 'listContacts', ({ caller }) => listContacts(parts, caller.id))

  serve(app, parts, 'putContact', ({ params, body, caller }) =>
    saveContact(parts, caller.id, params.id, body),
  )

  serve(app, parts, 'deleteContact', ({ params, caller }) =>
    deleteContact(parts, caller.id, params.id),
  )

  serve(app, parts, 'getWechatSignIn', async () => ({ wechat: parts.platforms.webSignIn() }))

  serve(app, parts, 'putIdentity', async ({ params, body, caller }) => {
    const refused = await addIdentity(parts, caller.id, params.host, body.code)
    return refused ?? readUser(parts, caller.id)
  })
}
