/** Consents on the phone (X3): a yes reaches the ledger, and only a no is taken for one. */
import type { Answer } from '@jiyue/contract/client'
import type { ConsentAnswer } from '@jiyue/contract/reminder'
import { createApp } from '../../src/stores/app.ts'
import { glassPhone } from './flowPhone.ts'

type Said = Record<string, ConsentAnswer> | null

async function opened(said: Said) {
  const heard: unknown[] = []
  let isCut = false
  const phone = glassPhone((request) => {
    if (isCut) return { status: 0, body: null } as unknown as Answer
    if (request.method === 'PUT') heard.push(request.body)
    const left = heard.length
    return { status: 200, body: { templates: [{ name: 'start', id: 's', left }] } } as Answer
  })
  phone.scene = () => 'weapp'
  phone.askConsents = async () => said
  const app = createApp(phone)
  await app.consents.load()
  return {
    app,
    phone,
    heard,
    cut: (off: boolean) => {
      isCut = off
    },
  }
}

test('a host that could not ask was not told no: the card stays', async () => {
  const { app, heard } = await opened(null)
  expect(await app.consents.ask(['start'])).toBe(false)
  expect(app.consents.missing(['start'])).toHaveLength(1)
  expect(app.consents.store.getState()).toMatchObject({ declined: false, asking: false })
  expect(heard).toEqual([])
})

test.each([
  ['said no', { s: 'reject' } as const],
  ['has switched all messages off', {}],
])('who %s is not asked again on this visit', async (_, said) => {
  const { app } = await opened(said)
  await app.consents.ask(['start'])
  expect(app.consents.missing(['start'])).toEqual([])
  expect(app.consents.store.getState().declined).toBe(true)
})

test('a yes that the server did not hear is told as soon as the network is back', async () => {
  const { app, phone, heard, cut } = await opened({ s: 'accept' })
  cut(true)
  const asked = app.consents.ask(['start'])
  await phone.pass(30_000)
  expect(await asked).toBe(true)
  expect(heard).toEqual([])
  cut(false)
  await app.wake()
  expect(heard).toEqual([{ answers: { start: 'accept' } }])
  await app.wake()
  expect(heard).toHaveLength(1)
})
