import type { Answer } from '@jiyue/contract/client'
import { createCall } from '@jiyue/contract/client'
import { createOutbox } from '../../src/lib/outbox.ts'
import { type GlassPhone, glassPhone, no, offline, ok } from './flowPhone.ts'

const outboxOf = (phone: GlassPhone) =>
  createOutbox(
    createCall(phone.send, () => 't'),
    phone,
  )

const hold = (phone: GlassPhone) => ({
  params: { id: phone.newId() },
  body: { slotId: '01a20000-0000-7000-8000-00000000aaaa', party: 1 },
})

/** Answers in turn; the last one stays. */
function turns(...answers: Answer[]) {
  return () => (answers.length > 1 ? answers.shift()! : answers[0]!)
}

describe('a request that must happen once', () => {
  test('is written down with its id before it leaves', async () => {
    const kept: unknown[] = []
    const phone: GlassPhone = glassPhone(() => {
      kept.push(phone.storage.get('outbox'))
      return ok({})
    })
    await outboxOf(phone).send('hold', 'putOrder', () => hold(phone))
    expect(kept).toEqual([[expect.objectContaining({ key: 'hold', name: 'putOrder' })]])
    expect(phone.storage.get('outbox')).toEqual([])
  })

  test('a double tap is one request with one id', async () => {
    const phone = glassPhone(() => ok({ number: 'JY1' }))
    const outbox = outboxOf(phone)
    const [first, second] = await Promise.all([
      outbox.send('hold', 'putOrder', () => hold(phone)),
      outbox.send('hold', 'putOrder', () => hold(phone)),
    ])
    expect(phone.asked).toHaveLength(1)
    expect(second).toBe(first)
  })

  test('a lost answer is asked for again with the same id, with growing patience', async () => {
    const phone = glassPhone(turns(offline, offline, ok({})))
    const answer = outboxOf(phone).send('hold', 'putOrder', () => hold(phone))
    await phone.pass(499)
    expect(phone.asked).toHaveLength(1)
    await phone.pass(1)
    expect(phone.asked).toHaveLength(2)
    await phone.pass(1000)
    expect(await answer).toMatchObject({ ok: true })
    expect(new Set(phone.asked.map(({ path }) => path)).size).toBe(1)
  })

  test.each([
    ['503 unavailable', no(503, 'unavailable')],
    ['500 internal', no(500, 'internal')],
    ['a gateway’s bare 502', { status: 502, body: '<html>' }],
  ])('%s says nothing about what happened: repeated', async (_name, trouble) => {
    const phone = glassPhone(turns(trouble, ok({})))
    const answer = outboxOf(phone).send('hold', 'putOrder', () => hold(phone))
    await phone.pass(500)
    expect(await answer).toMatchObject({ ok: true })
    expect(phone.asked).toHaveLength(2)
  })

  test('a clear no is an answer: not repeated, and the next wish has a new id', async () => {
    const phone = glassPhone(turns(no(409, 'slot_full'), ok({})))
    const outbox = outboxOf(phone)
    expect(await outbox.send('hold', 'putOrder', () => hold(phone))).toMatchObject({
      code: 'slot_full',
    })
    await outbox.send('hold', 'putOrder', () => hold(phone))
    expect(phone.asked[0]?.path).not.toBe(phone.asked[1]?.path)
  })

  test('when the network stays away it says so and keeps the errand; a later tap reuses its id', async () => {
    const phone = glassPhone(() => offline)
    const outbox = outboxOf(phone)
    const answer = outbox.send('hold', 'putOrder', () => hold(phone))
    await phone.pass(60_000)
    expect(await answer).toMatchObject({ ok: false, unheard: true })
    const again = outbox.send('hold', 'putOrder', () => hold(phone))
    await phone.pass(60_000)
    await again
    expect(new Set(phone.asked.map(({ path }) => path)).size).toBe(1)
  })

  test('after the app died, the same id is sent again from storage', async () => {
    const dying = glassPhone(() => new Promise<Answer>(() => {}))
    void outboxOf(dying).send('hold', 'putOrder', () => hold(dying))
    const reborn = glassPhone(() => ok({}), dying.kept)
    await outboxOf(reborn).repeat()
    expect(reborn.asked.map(({ path }) => path)).toEqual(dying.asked.map(({ path }) => path))
    expect(outboxOf(reborn).waiting()).toEqual([])
  })

  test('a hold older than ten minutes is not made behind the person’s back', async () => {
    const phone = glassPhone(() => offline)
    const outbox = outboxOf(phone)
    const answer = outbox.send('hold', 'putOrder', () => hold(phone))
    await phone.pass(10 * 60_000)
    await answer
    const before = phone.asked.length
    await outbox.repeat()
    expect(phone.asked).toHaveLength(before)
    expect(outbox.waiting()).toEqual([])
  })

  test('the network’s return cuts the waiting short', async () => {
    const phone = glassPhone(turns(offline, ok({})))
    const outbox = outboxOf(phone)
    const answer = outbox.send('hold', 'putOrder', () => hold(phone))
    await phone.pass(0)
    outbox.hurry()
    expect(await answer).toMatchObject({ ok: true })
  })

  test('a dropped errand is not tried again', async () => {
    const phone = glassPhone(() => offline)
    const outbox = outboxOf(phone)
    const answer = outbox.send('hold', 'putOrder', () => hold(phone))
    await phone.pass(0)
    outbox.drop('hold')
    await phone.pass(60_000)
    expect(await answer).toMatchObject({ unheard: true })
    expect(phone.asked).toHaveLength(1)
  })
})
