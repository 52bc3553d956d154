/** Refusals of people: a row `refuses(endpoint, code, how)` each (setting.ts). */
import { randomUUID } from 'node:crypto'
import { demoId } from '../../../server/demo/ids.ts'
import { hashPassword } from '../../../server/people/password.ts'
import { openSession } from '../../../server/people/sessions.ts'
import { ask, byId, db, mei, owner, refuses, world } from './setting.ts'

export function peopleRefusals(): void {
  refuses('putIdentity', 'sign_in_failed', () =>
    ask(mei.token, 'putIdentity', {
      params: { host: 'wechat-browser' },
      body: { code: 'nobody gave this' },
    }),
  )
  refuses('putReturn', 'not_found', () =>
    ask(mei.token, 'putReturn', { ...byId(), body: { query: 'out_trade_no=1' } }),
  )
  const link = { token: 'nobody-was-ever-sent-this' }
  const weak = { password: 'kurz' }
  const boss = () => byId(demoId('owner'))
  const reason = { reason: '离职' }
  refuses('putPerson', 'login_taken', () =>
    ask(owner.token, 'putPerson', { ...byId(), body: { ...account, login: 'desk' } }),
  )
  refuses('putPerson', 'last_owner', () =>
    ask(owner.token, 'putPerson', { ...boss(), body: { ...account, login: 'owner' } }),
  )
  refuses('createInvitation', 'not_found', () => ask(owner.token, 'createInvitation', byId()))
  refuses('createInvitation', 'person_inactive', async () => {
    const { id } = await somebody({ deactivated_at: new Date() })
    return ask(owner.token, 'createInvitation', byId(id))
  })
  refuses('putDeactivation', 'not_found', () =>
    ask(owner.token, 'putDeactivation', { ...byId(), body: reason }),
  )
  refuses('putDeactivation', 'last_owner', () =>
    ask(owner.token, 'putDeactivation', { ...boss(), body: reason }),
  )
  for (const name of ['deleteDeactivation', 'deletePersonSessions'] as const)
    refuses(name, 'not_found', () => ask(owner.token, name, byId()))
  refuses('putSecondReset', 'not_found', () =>
    ask(owner.token, 'putSecondReset', { ...byId(), body: reason }),
  )
  refuses('readInvitation', 'invitation_over', () => ask(null, 'readInvitation', { body: link }))
  refuses('createPassword', 'invitation_over', () =>
    ask(null, 'createPassword', { body: { ...link, ...weak } }),
  )
  refuses('createPassword', 'invalid_fields', async () => {
    const { id } = await somebody()
    const made = await ask(owner.token, 'createInvitation', byId(id))
    const token = String((made.body as unknown as { link: string }).link).split('#')[1] ?? ''
    return ask(null, 'createPassword', { body: { token, ...weak } })
  })
  refuses('putPassword', 'password_wrong', async () => {
    const { token } = await somebody()
    return ask(token, 'putPassword', { body: { current: 'falsch', ...weak } })
  })
  refuses('putPassword', 'invalid_fields', async () => {
    const { token } = await somebody()
    return ask(token, 'putPassword', { body: { current: secret, ...weak } })
  })
  refuses('createSecond', 'password_wrong', async () => {
    const { token } = await somebody()
    return ask(token, 'createSecond', { body: { password: 'falsch' } })
  })
  refuses('createSecond', 'second_wrong', async () => {
    const { token } = await somebody(await withSecond())
    return ask(token, 'createSecond', { body: { password: secret } })
  })
  refuses('putSecond', 'second_over', async () => {
    const { token } = await somebody()
    return ask(token, 'putSecond', { body: { code: '000000' } })
  })
  refuses('putSecond', 'second_wrong', async () => {
    const { token } = await somebody()
    await ask(token, 'createSecond', { body: { password: secret } })
    return ask(token, 'putSecond', { body: { code: 'not-a-code' } })
  })
  refuses('createRecoveryCodes', 'second_over', async () => {
    const { token } = await somebody()
    return ask(token, 'createRecoveryCodes', { body: { code: '000000' } })
  })
  refuses('createRecoveryCodes', 'second_wrong', async () => {
    const { token } = await somebody(await withSecond(), true)
    return ask(token, 'createRecoveryCodes', { body: { code: 'not-a-code' } })
  })
  refuses('deleteOwnSession', 'not_found', () => ask(owner.token, 'deleteOwnSession', byId()))
  for (const [code, body] of [
    ['second_code', {}],
    ['second_wrong', { code: 'not-a-code' }],
  ] as const)
    refuses('createConsoleSession', code, async () => {
      const { login } = await somebody(await withSecond())
      return ask(null, 'createConsoleSession', { body: { name: login, password: secret, ...body } })
    })
}

const secret = '一句只有我知道的话'
const account = { login: 'xiaolu', name: '小鹿', role: 'manager', phone: null, mail: null } as const
const withSecond = async () => ({
  second_sealed: world.parts.seal.seal('JBSWY3DPEHPK3PXP'),
  second_since: new Date(),
})

/** An account with a session of its own. */
async function somebody(more: object = {}, proven = false) {
  const id = randomUUID()
  const login = `u${id.slice(0, 8)}`
  const row = { id, login, name: '小鹿', role: 'manager' as const, ...more }
  await db()
    .insertInto('people')
    .values({ ...row, password_hash: await hashPassword(secret) })
    .execute()
  const { token } = await openSession(world.parts.db, { personId: id, proven }, new Date())
  return { id, login, token }
}
