/** What a phone keeps is one person's (X11): somebody else who signs in finds nothing of it. */
import type { Answer } from '@jiyue/contract/client'
import { keepLocalDraft } from '../../src/lib/drafts.ts'
import { rememberedPeople } from '../../src/lib/people.ts'
import { createApp } from '../../src/stores/app.ts'
import { glassPhone } from './flowPhone.ts'

const now = '2026-11-22T02:00:00.000Z'
const ok = (body: object): Answer => ({ status: 200, body }) as Answer
const away = { status: 0, body: null } as unknown as Answer

/** A browser in which everybody signs in by code; `who` says as whom. */
function browser(kept = new Map<string, string>()) {
  let who = 'a'
  let isCut = false
  const phone = glassPhone((request) => {
    if (isCut) return away
    if (request.path.indexOf('/v1/sessions') < 0) return ok({})
    if (request.method === 'DELETE') return ok({})
    const user = { id: who, name: '', phoneMasked: null }
    return ok({ token: `t-${who}`, expiresAt: '2027-01-01T00:00:00.000Z', user, now })
  }, kept)
  const app = createApp(phone)
  return {
    app,
    phone,
    cut: (off: boolean) => {
      isCut = off
    },
    signIn: (as: string) => {
      who = as
      return app.session.signInByCode('13800138000', '123456')
    },
  }
}

/** Leaves behind what a person does: answers half typed, people, an errand that was never answered. */
async function live({ app, phone, cut }: ReturnType<typeof browser>) {
  keepLocalDraft(phone.storage, 'order', {
    values: { name: { value: '林小满', at: now } },
    step: 0,
  })
  phone.storage.set('people', [{ name: '林小满', answers: { 'phone:手机号': '13900001234' } }])
  phone.storage.set('offer', { services: [], merchant: null })
  cut(true)
  const sent = app.outbox.send('hold', 'putOrder', () => ({
    params: { id: 'order' },
    body: { slotId: 'slot', party: 1 },
  }))
  await phone.pass(30_000)
  expect(await sent).toMatchObject({ ok: false })
  cut(false)
}

const traces = ({ phone }: ReturnType<typeof browser>) =>
  [...phone.kept.entries()].filter(([, text]) => /林小满|1390000|putOrder/.test(text))

test('a session that ran out: another person gets nothing, and sends nothing of the one before', async () => {
  const here = browser()
  await here.signIn('a')
  await live(here)
  here.app.session.forget()
  await here.signIn('b')
  expect(traces(here)).toEqual([])
  expect(rememberedPeople(here.phone.storage)).toEqual([])
  const before = here.phone.asked.length
  await here.app.wake()
  expect(here.phone.asked.slice(before).filter(({ method }) => method === 'PUT')).toEqual([])
  // The offer is nobody's own.
  expect(here.phone.storage.get('offer')).toBeDefined()
})

test('the same person again finds everything, also what was begun before signing in', async () => {
  const here = browser()
  here.phone.storage.set('feedback-draft', { text: '林小满' })
  await here.signIn('a')
  await live(here)
  here.app.session.forget()
  await here.signIn('a')
  expect(traces(here).map(([name]) => name)).toEqual(
    expect.arrayContaining(['feedback-draft', 'people', 'outbox']),
  )
})

test('signing out leaves nothing behind', async () => {
  const here = browser()
  await here.signIn('a')
  await live(here)
  await here.app.session.signOut()
  expect(traces(here)).toEqual([])
})
