/**
 * Channels of messages (X3): each over the platform's real wire shape in the sandbox, with its limits
 * and faults; the ledger of consents; the inbox; the report that explains every unsent one.
 */
import { randomUUID } from 'node:crypto'
import type { TemplateName } from '@jiyue/contract/reminder'
import { addDays, dayOf } from '@jiyue/contract/time'
import { tx } from '../../server/db/tx.ts'
import { sendDue } from '../../server/reminder/deliver.ts'
import { remind, type Telling } from '../../server/reminder/reminder.ts'
import { listen } from '../console/desk.ts'
import { must, openWorld, signIn, signInOwner, somePhone, until, type World } from '../world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())
afterEach(() => {
  world.clock.aheadMs = 0
  world.sandbox.admin.clearFaults()
})

type Host = 'weapp' | 'alipay'

async function person(host: Host = 'weapp', { phone = true } = {}) {
  const name = randomUUID()
  const one = await signIn(world, name, host)
  const number = somePhone()
  if (phone) {
    await world.database.db
      .updateTable('users')
      .set({ phone_sealed: world.parts.seal.seal(number) })
      .where('id', '=', one.userId)
      .execute()
  }
  return { ...one, name, host, phone: number }
}
type Somebody = Awaited<ReturnType<typeof person>>

/** Says yes in the host's own sheet, and our page tells the server. */
async function accept({ name, host, call }: Somebody, template: TemplateName, tells = true) {
  const { templates } = await must(call, 'listConsents', {})
  const { id } = templates.find((one) => one.name === template) as { id: string }
  world.sandbox.admin.consent(name, id, host)
  if (!tells) return
  const body = { answers: { [template]: 'accept' as const } }
  await must(call, 'putConsents', { params: { id: randomUUID() }, body })
}

/** Tells somebody something and lets the sweep send it; answers what became of it. */
async function tell({ userId }: Somebody, more: Partial<Telling> = {}) {
  const about = more.about ?? randomUUID()
  const facts = { service: '亲子沟通讲座', note: '周六 10 点的时段可以安排' }
  await tx(world.parts.db, (t) =>
    remind(t, { kind: 'answered', about, userId, facts, now: world.parts.now(), ...more }),
  )
  await sendDue(world.parts)
  return seen(about)
}

async function seen(about: string) {
  const { db } = world.database
  const row = await db
    .selectFrom('reminders')
    .selectAll()
    .where('about', '=', about)
    .executeTakeFirstOrThrow()
  const sends = await db
    .selectFrom('sends')
    .select(['channel', 'state', 'reason', 'code'])
    .where('reminder_id', '=', row.id)
    .execute()
  return {
    id: row.id,
    state: row.state,
    channel: row.channel,
    reason: row.reason,
    by: Object.fromEntries(
      sends.map(({ channel, state, reason, code }) => [
        channel,
        [state, reason, code].filter(Boolean).join(' '),
      ]),
    ),
  }
}

const outbox = (to: string) => world.sandbox.admin.outbox(to)

describe('WeChat', () => {
  test('a consent is one message; the next goes by text message', async () => {
    const mei = await person()
    await accept(mei, 'booking')
    const first = await tell(mei)
    expect(first).toMatchObject({
      state: 'sent',
      channel: 'wechat',
      by: { inbox: 'sent', wechat: 'sent' },
    })
    expect(outbox(mei.name)).toHaveLength(1)
    const second = await tell(mei)
    expect(second).toMatchObject({
      channel: 'sms',
      by: { wechat: 'unsent no_consent', alipay: 'unsent no_address', sms: 'sent' },
    })
    expect(outbox(mei.name)).toHaveLength(1)
    expect(outbox(mei.phone)).toHaveLength(1)
  })

  test('what is too long for a template arrives shortened, and opens its page', async () => {
    const mei = await person()
    await accept(mei, 'booking')
    const note = '您申请的周六上午时段已为您安排，请在今天之内确认并完成报名与缴费'
    await tell(mei, { facts: { service: '亲子沟通讲座（寒假加长特别场，含材料与茶歇）', note } })
    const [message] = outbox(mei.name)
    const sent = message?.data as { page: string; data: Record<string, { value: string }> }
    expect(sent.page).toBe('pages/inbox/index')
    expect(sent.data.thing1?.value).toBe('亲子沟通讲座（寒假加长特别场，含材料与…')
    for (const { value } of Object.values(sent.data)) expect([...value].length).toBeLessThan(33)
  })

  test('43101: our ledger was wrong; it is put right, and the text message goes out', async () => {
    const mei = await person()
    const body = { answers: { booking: 'accept' as const } }
    for (let times = 0; times < 3; times++) {
      await must(mei.call, 'putConsents', { params: { id: randomUUID() }, body })
    }
    expect(await tell(mei)).toMatchObject({
      channel: 'sms',
      by: { wechat: 'unsent channel_refused 43101' },
    })
    const { templates } = await must(mei.call, 'listConsents', {})
    expect(templates.find(({ name }) => name === 'booking')?.left).toBe(0)
  })

  test('47003: a value WeChat does not take uses no consent up', async () => {
    const mei = await person()
    await accept(mei, 'booking')
    // A key for digits and letters; names of services never go there.
    const facts = { service: '亲子沟通讲座', number: '订单一号' }
    const told = await tell(mei, { facts })
    expect(told.by).toMatchObject({ wechat: 'unsent channel_refused 47003', sms: 'sent' })
    const { templates } = await must(mei.call, 'listConsents', {})
    expect(templates.find(({ name }) => name === 'booking')?.left).toBe(1)
    expect(await tell(mei)).toMatchObject({ channel: 'wechat' })
  })

  test('an old token is fetched again, and nothing is sent twice', async () => {
    const mei = await person()
    await accept(mei, 'booking')
    world.sandbox.admin.fault('wechat.message', 'expiredToken')
    expect(await tell(mei)).toMatchObject({ channel: 'wechat' })
    expect(outbox(mei.name)).toHaveLength(1)
  })

  test('no answer: told as unknown, never sent again, by no other way', async () => {
    const mei = await person()
    await accept(mei, 'booking')
    world.sandbox.admin.fault('wechat.message', 'dropAfterCommit')
    const told = await tell(mei)
    expect(told).toMatchObject({ state: 'unsent', reason: 'outcome_unknown' })
    expect(told.by).toEqual({ inbox: 'sent', wechat: 'unsent outcome_unknown no_answer' })
    world.clock.aheadMs = 600_000
    await sendDue(world.parts)
    expect([outbox(mei.name).length, outbox(mei.phone).length]).toEqual([1, 0])
  })

  test('control: without the row of the try, what is unknown would be sent twice', async () => {
    const mei = await person()
    await accept(mei, 'booking')
    await accept(mei, 'booking')
    world.sandbox.admin.fault('wechat.message', 'dropAfterCommit')
    const { id } = await tell(mei)
    const { db } = world.database
    await db.deleteFrom('sends').where('reminder_id', '=', id).execute()
    await db
      .updateTable('reminders')
      .set({ state: 'sending', reason: null, done_at: null })
      .where('id', '=', id)
      .execute()
    world.clock.aheadMs = 600_000
    await sendDue(world.parts)
    expect(outbox(mei.name)).toHaveLength(2)
  })

  test('the same asking told twice is one consent', async () => {
    const mei = await person()
    const params = { id: randomUUID() }
    const body = { answers: { start: 'accept', todo: 'reject' } } as const
    await must(mei.call, 'putConsents', { params, body })
    await must(mei.call, 'putConsents', { params, body })
    const { templates } = await must(mei.call, 'listConsents', {})
    expect(Object.fromEntries(templates.map(({ name, left }) => [name, left]))).toEqual({
      booking: 0,
      start: 1,
      todo: 0,
      money: 0,
    })
  })
})

describe('Alipay', () => {
  test('a subscription is one message; without one the text message goes out', async () => {
    const lan = await person('alipay')
    await accept(lan, 'booking')
    expect(await tell(lan)).toMatchObject({ channel: 'alipay' })
    const [message] = outbox(lan.name)
    expect(message?.text).toContain('keyword1: 亲子沟通讲座')
    expect(await tell(lan)).toMatchObject({ channel: 'sms', by: { alipay: 'unsent no_consent' } })
  })

  test('refused as not subscribed: the ledger is put right', async () => {
    const lan = await person('alipay')
    const body = { answers: { booking: 'accept' as const } }
    await must(lan.call, 'putConsents', { params: { id: randomUUID() }, body })
    expect(await tell(lan)).toMatchObject({
      channel: 'sms',
      by: { alipay: 'unsent channel_refused USER_NOT_SUBSCRIBE' },
    })
  })
})

describe('text message and e-mail', () => {
  test('a refusal of the platform is told with its own code; the next way is tried', async () => {
    const mei = await person()
    world.sandbox.admin.fault('sms.send', 'limited', 1, { only: mei.phone })
    expect(await tell(mei)).toMatchObject({
      state: 'unsent',
      reason: 'channel_refused',
      by: { sms: 'unsent channel_refused isv.BUSINESS_LIMIT_CONTROL', mail: 'unsent no_address' },
    })
  })

  const letter = (id: string, to: string) => ({
    id,
    to,
    subject: '【即约】商家已回复您的申请',
    text: '您的申请已有回复：亲子沟通讲座。\n周六见！',
  })
  const post = (to: string) =>
    world.parts.platforms.sendMail(letter(randomUUID(), to), world.parts.now())

  test('a letter goes over SMTP and arrives as it was written', async () => {
    const to = `mei-${randomUUID()}@example.com`
    expect(await post(to)).toMatchObject({ ok: true })
    const [message] = outbox(to)
    expect(message).toMatchObject({ channel: 'mail', to })
    expect(message?.text).toBe(
      '【即约】商家已回复您的申请\n您的申请已有回复：亲子沟通讲座。\n周六见！',
    )
  })

  test.each([
    ['greylisted', 'refused', '450', 0],
    ['unknownMailbox', 'refused', '550', 0],
    ['mailboxFull', 'refused', '552', 0],
    ['dropAfterCommit', 'unknown', null, 1],
  ])('%s is %s', async (fault, kind, code, arrived) => {
    const to = `lan-${randomUUID()}@example.com`
    world.sandbox.admin.fault('mail.send', fault, 1, { only: to })
    const answer = await post(to)
    expect(answer).toMatchObject({ ok: false, kind, ...(code && { code }) })
    expect(outbox(to)).toHaveLength(arrived)
  })

  test('an address cannot smuggle a second receiver or a header in', async () => {
    const other = `other-${randomUUID()}@example.com`
    await post(`a@example.com, ${other}`)
    await post(`a@example.com\r\nBcc: ${other}`)
    expect(outbox(other)).toEqual([])
  })
})

describe('the inbox', () => {
  test('has every message, whatever the channels say; live, and read at once everywhere', async () => {
    const mei = await person('weapp', { phone: false })
    const socket = new WebSocket(`${world.url.replace('http', 'ws')}/v1/live`)
    const frames: string[] = []
    socket.onmessage = ({ data }) => frames.push(String(data))
    await new Promise((resolve) => {
      socket.onopen = resolve
    })
    socket.send(JSON.stringify({ type: 'sign_in', token: mei.token }))
    socket.send(JSON.stringify({ type: 'follow', topics: [`inbox:${mei.userId}`] }))
    socket.send(JSON.stringify({ type: 'ping' }))
    await until('pong', async () => frames.some((text) => text.includes('pong')))
    expect(await tell(mei)).toMatchObject({ state: 'unsent', reason: 'no_consent' })
    await until('the hint', async () => frames.some((text) => text.includes(`inbox:${mei.userId}`)))
    socket.close()
    const { messages, unread } = await must(mei.call, 'listMessages', {})
    expect(unread).toBe(1)
    expect(messages[0]).toMatchObject({
      kind: 'answered',
      title: '商家已回复您的申请',
      text: '您的申请已有回复：亲子沟通讲座，周六 10 点的时段可以安排。',
      read: false,
    })
    const until_ = messages[0]?.at as string
    expect(await must(mei.call, 'putRead', { body: { until: until_ } })).toEqual({ unread: 0 })
    expect((await must(mei.call, 'listMessages', {})).messages[0]?.read).toBe(true)
  })

  test('another’s inbox is followed by nobody', async () => {
    const mei = await person()
    const stranger = await listen(world, [`inbox:${mei.userId}`])
    const said = stranger.frames.map(({ frame }) => frame)
    expect(said).toContainEqual({
      type: 'refused',
      code: 'not_found',
      topic: `inbox:${mei.userId}`,
    })
    stranger.close()
  })

  test('one thing is told once, however often it is queued', async () => {
    const mei = await person()
    const about = randomUUID()
    await tell(mei, { about })
    await tell(mei, { about })
    expect(outbox(mei.phone)).toHaveLength(1)
    expect((await must(mei.call, 'listMessages', {})).messages).toHaveLength(1)
  })

  test('an offer whose clock is over is not sent', async () => {
    const mei = await person()
    const now = world.parts.now()
    const told = await tell(mei, { kind: 'offered', until: new Date(now.getTime() - 1) })
    expect(told).toMatchObject({ state: 'unsent', reason: 'too_late', by: {} })
    expect((await must(mei.call, 'listMessages', {})).messages).toEqual([])
  })
})

test('the report counts every message and every try, and says why', async () => {
  const owner = await signInOwner(world)
  const today = dayOf(Date.now())
  const read = () =>
    must(owner.call, 'getMessageReport', { query: { from: today, to: addDays(today, 1) } })
  const count = (report: Awaited<ReturnType<typeof read>>) => {
    const kind = report.kinds.find((one) => one.kind === 'answered')
    const sms = report.channels.find(({ channel }) => channel === 'sms')
    const why = (list: readonly { reason: string; count: number }[] | undefined, reason: string) =>
      list?.find((one) => one.reason === reason)?.count ?? 0
    return {
      sent: kind?.sent ?? 0,
      unsent: kind?.unsent ?? 0,
      unknown: why(kind?.reasons, 'outcome_unknown'),
      sms: sms?.sent ?? 0,
      smsUnknown: why(sms?.reasons, 'outcome_unknown'),
    }
  }
  const before = count(await read())
  const mei = await person()
  await tell(mei)
  world.sandbox.admin.fault('sms.send', 'dropAfterCommit')
  await tell(mei)
  expect(count(await read())).toEqual({
    sent: before.sent + 1,
    unsent: before.unsent + 1,
    unknown: before.unknown + 1,
    sms: before.sms + 1,
    smsUnknown: before.smsUnknown + 1,
  })
})
