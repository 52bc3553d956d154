/**
 * Complaints of WeChat Pay (M8) over its real wire: pulled and told of, in any order and any number of
 * times one row; answered exactly once, whatever gets lost on the way.
 */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import sharp from 'sharp'
import { fetchPicturesDue } from '../../server/feedback/complaintPictures.ts'
import {
  announceComplaints,
  hearComplaint,
  pullComplaints,
} from '../../server/feedback/complaints.ts'
import { tellWechatDue } from '../../server/feedback/tellWechat.ts'
import { erasePerson } from '../../server/privacy/erase.ts'
import { codeOf } from '../server/moving.ts'
import { must, openWorld, type Person, signInOwner, until, type World } from '../world.ts'
import { arm, followToEnd, hour, minute, type Paid, paidOrder, pass } from './refundSetting.ts'

let world: World
let owner: Person['call']
let paid: Paid
beforeAll(async () => {
  world = await openWorld()
  owner = (await signInOwner(world)).call
  paid = await paidOrder(world, 'wechat')
})
afterAll(() => world.close())
afterEach(() => {
  world.sandbox.admin.clearFaults()
  world.clock.aheadMs = 0
})

/** The payer complains in WeChat; its number there. */
function complain(detail: string, pictures: readonly Buffer[] = [], of = paid): string {
  const filed = world.sandbox.admin.complain(of.tradeNo, {
    detail,
    pictures,
    problem: '服务未按约定提供',
    type: 'REFUND',
    phone: '13800138000',
  })
  if (!filed) throw new Error('no such payment')
  return filed.id
}

const rows = async (detail: string) =>
  (await must(owner, 'listConsoleFeedback', { query: { source: 'wechat', text: detail } })).feedback

async function oneOf(detail: string) {
  const [row, ...more] = await rows(detail)
  expect(more).toEqual([])
  if (!row) throw new Error(`${detail}: not in the list`)
  return must(owner, 'getConsoleFeedback', { params: { id: row.id } })
}

/** What WeChat has of it. */
const atWechat = (complaintId: string) =>
  world.sandbox.admin.complaints().find(({ id }) => id === complaintId)
const repliesAt = (complaintId: string) =>
  atWechat(complaintId)
    ?.history.filter(({ what }) => what === 'MERCHANT_RESPONSE')
    .map(({ details }) => details)

const write = (id: string, text: string, wordsId: string = randomUUID()) =>
  must(owner, 'putConsoleFeedbackWords', { params: { id, wordsId }, body: { kind: 'reply', text } })

test('pulled once however often it is asked for; tied to its order, the number opened and sealed anew', async () => {
  const complaintId = complain('老师没有来')
  await Promise.all([pullComplaints(world.parts), pullComplaints(world.parts)])
  await pullComplaints(world.parts)
  const seen = await oneOf('老师没有来')
  expect(seen).toMatchObject({
    source: 'wechat',
    state: 'open',
    text: '服务未按约定提供：老师没有来',
    phone: '13800138000',
    order: { id: paid.order.id },
    complaint: { id: complaintId, amountFen: paid.payableFen, state: 'PENDING', refundAsked: true },
  })
  const { rows: sealed } = await sql<{ phone: string }>`
    select phone_sealed as phone from feedback where id = ${seen.id}`.execute(world.database.db)
  expect(sealed[0]?.phone).not.toContain('138')
  // What goes on at WeChat is not in the person's own list.
  expect((await must(paid.person.call, 'listFeedback', {})).feedback).toEqual([])
})

test('answers that are not signed by WeChat are not believed', async () => {
  complain('伪造应答')
  for (const fault of ['badSignature', 'tamperedBody', 'staleTime'] as const) {
    arm(world, 'wechat.complaints', fault, 9)
    await pullComplaints(world.parts)
    expect([fault, await rows('伪造应答')]).toEqual([fault, []])
    world.sandbox.admin.clearFaults()
  }
})

test('more than a page: all of them, and none twice', async () => {
  for (let n = 0; n < 57; n++) complain(`第 ${n} 条分页投诉`)
  arm(world, 'wechat.complaintHistory', 'status500', 4)
  await pullComplaints(world.parts)
  world.sandbox.admin.clearFaults()
  await pullComplaints(world.parts)
  const { rows: count } = await sql<{ n: number }>`select count(*)::int as n from feedback
    where text like '%条分页投诉'`.execute(world.database.db)
  expect(count[0]?.n).toBe(57)
})

test('WeChat calls once it knows where; forged, badly signed and repeated notices change nothing', async () => {
  await announceComplaints(world.parts)
  await announceComplaints(world.parts)
  for (const fault of ['badSignature', 'unknownSerial', 'staleTime', 'missingHeaders']) {
    arm(world, 'wechat.notice', fault, 1)
    const detail = `通知 ${fault}`
    complain(detail)
    await world.sandbox.admin.settle()
    expect([fault, await rows(detail)]).toEqual([fault, []])
    await pass(world, minute)
    await until(`${detail} in the list`, async () => (await rows(detail)).length === 1)
  }
  arm(world, 'wechat.notice', 'duplicate', 1)
  const complaintId = complain('通知两次')
  await world.sandbox.admin.settle()
  await until('the complaint', async () => (await rows('通知两次')).length === 1)
  // While WeChat does not say more, a notice is not accepted: it comes again.
  const { id } = await oneOf('通知两次')
  await write(id, '您好，请说明情况')
  await tellWechatDue(world.parts)
  arm(world, 'wechat.complaint', 'status500', 9)
  expect(await hearComplaint(world.parts, complaintId)).toBe(false)
  world.sandbox.admin.clearFaults()
  world.sandbox.admin.complainMore(complaintId, '已经等了一天')
  await world.sandbox.admin.settle()
  await until('what was said', async () => (await oneOf('通知两次')).state === 'open')
  const { words } = await oneOf('通知两次')
  expect(words.map(({ text }) => text)).toEqual(['您好，请说明情况', '已经等了一天'])
})

test('a reply whose answer was lost is told once; without looking it would be twice', async () => {
  const complaintId = complain('回复丢失')
  await pullComplaints(world.parts)
  const { id } = await oneOf('回复丢失')
  arm(world, 'wechat.complaintReply', 'dropAfterCommit', 1)
  await write(id, '非常抱歉😀，已安排退款')
  expect((await oneOf('回复丢失')).words.at(-1)?.told).toBe('due')
  await tellWechatDue(world.parts)
  expect((await oneOf('回复丢失')).words.at(-1)?.told).toBe('due')
  await pass(world, 2 * minute)
  await tellWechatDue(world.parts)
  expect((await oneOf('回复丢失')).words.at(-1)?.told).toBe('told')
  expect(repliesAt(complaintId)).toEqual(['非常抱歉，已安排退款'])
  // The control: the platform itself takes a repeat as one more.
  await world.parts.gateways.wechat.complaints?.reply(
    complaintId,
    '非常抱歉，已安排退款',
    world.parts.now(),
  )
  expect(repliesAt(complaintId)).toHaveLength(2)
})

test('a process that died between its claim and WeChat loses nothing: another tells it after the lease', async () => {
  const complaintId = complain('中途停机')
  await pullComplaints(world.parts)
  const { id } = await oneOf('中途停机')
  await write(id, '您好，已收到')
  // As a kill leaves it: claimed, its next turn written, nothing told.
  const real = world.parts.gateways.wechat.complaints
  if (!real) throw new Error('no complaints')
  const never = { ...real, reply: () => Promise.reject(new Error('killed')) }
  const wechat = { ...world.parts.gateways.wechat, complaints: never }
  const dead = { ...world.parts, gateways: { ...world.parts.gateways, wechat } }
  await tellWechatDue(dead)
  expect(repliesAt(complaintId)).toEqual([])
  await pass(world, 2 * minute)
  await Promise.all([tellWechatDue(world.parts), tellWechatDue(world.parts)])
  expect(repliesAt(complaintId)).toEqual(['您好，已收到'])
})

test('closing completes it there, once; what the payer says afterwards opens it again', async () => {
  const complaintId = complain('处理完成')
  await pullComplaints(world.parts)
  const { id } = await oneOf('处理完成')
  await write(id, '已退款，请查收')
  arm(world, 'wechat.complaintComplete', 'dropAfterCommit', 9)
  await must(owner, 'putFeedbackClosure', {
    params: { id },
    body: { cause: 'refund', solution: '全额退款' },
  })
  await tellWechatDue(world.parts)
  world.sandbox.admin.clearFaults()
  await pass(world, hour)
  await tellWechatDue(world.parts)
  expect((await oneOf('处理完成')).words.at(-1)).toMatchObject({ kind: 'log', told: 'told' })
  const there = atWechat(complaintId)
  expect(there?.state).toBe('PROCESSED')
  expect(there?.history.filter(({ what }) => what === 'MERCHANT_CONFIRM_COMPLETE')).toHaveLength(1)
  await pullComplaints(world.parts)
  expect(await oneOf('处理完成')).toMatchObject({
    state: 'closed',
    complaint: { state: 'PROCESSED' },
  })
  world.sandbox.admin.complainMore(complaintId, '钱还没有到')
  await pullComplaints(world.parts)
  const again = await oneOf('处理完成')
  expect(again).toMatchObject({ state: 'open', complaint: { state: 'PENDING' }, cause: null })
  expect(again.words.at(-1)).toMatchObject({ kind: 'said', byName: '微信支付', text: '钱还没有到' })
})

describe('what happens over there', () => {
  test('a colleague’s reply in WeChat’s own pages: nobody waits here, the team reads it, ours is not told twice', async () => {
    const complaintId = complain('同事在微信侧回复')
    await pullComplaints(world.parts)
    const { id, dueAt } = await oneOf('同事在微信侧回复')
    expect(dueAt).not.toBeNull()
    world.sandbox.admin.complaintAnswered(complaintId, '已电话联系您')
    await Promise.all([pullComplaints(world.parts), pullComplaints(world.parts)])
    await pullComplaints(world.parts)
    const seen = await oneOf('同事在微信侧回复')
    expect(seen).toMatchObject({ state: 'answered', dueAt: null })
    expect(seen.words).toMatchObject([
      { kind: 'log', byName: '微信支付', text: '在微信支付商户平台回复：已电话联系您', told: null },
    ])
    // Said more, and answered once more over there: WeChat's state of it stays the same.
    world.sandbox.admin.complainMore(complaintId, '没有接到电话')
    await pullComplaints(world.parts)
    expect((await oneOf('同事在微信侧回复')).state).toBe('open')
    world.sandbox.admin.complaintAnswered(complaintId, '已再次联系')
    await pullComplaints(world.parts)
    expect((await oneOf('同事在微信侧回复')).state).toBe('answered')
    // What goes there from here comes back as nobody else's.
    await write(id, '款项已退😀')
    await tellWechatDue(world.parts)
    world.sandbox.admin.complainMore(complaintId, '收到')
    await pullComplaints(world.parts)
    expect((await oneOf('同事在微信侧回复')).words.map(({ kind }) => kind)).toEqual([
      'log',
      'said',
      'log',
      'reply',
      'said',
    ])
  })

  test('taken back by the payer, or completed there: no overdue alarm for what is over; opened again by the team it stays so', async () => {
    const [revoked, completed] = [complain('用户撤诉'), complain('微信侧办结')]
    await pullComplaints(world.parts)
    expect(world.sandbox.admin.complainNoMore(revoked)).toBe(true)
    world.sandbox.admin.complaintAnswered(completed, null)
    await pullComplaints(world.parts)
    for (const [detail, line] of [
      ['用户撤诉', '用户撤销了投诉'],
      ['微信侧办结', '在微信支付商户平台处理完成'],
    ] as const) {
      const seen = await oneOf(detail)
      expect([detail, seen.state, seen.dueAt, seen.complaint?.state]).toEqual([
        detail,
        'answered',
        null,
        'PROCESSED',
      ])
      expect(seen.words.map(({ text }) => text)).toEqual([line])
      // The team still says why it came to it; what is over there is told once at the most.
      await must(owner, 'putFeedbackClosure', {
        params: { id: seen.id },
        body: { cause: 'attitude', solution: '已道歉' },
      })
      await tellWechatDue(world.parts)
      expect((await oneOf(detail)).words.at(-1)?.told).toBe('told')
      await must(owner, 'putFeedbackReopening', {
        params: { id: seen.id },
        body: { reason: '再核实' },
      })
      await pullComplaints(world.parts)
      expect((await oneOf(detail)).state).toBe('open')
    }
  })

  test('a reply or an end that WeChat refuses is the team’s again, with the reason; while it only does not answer, it waits', async () => {
    const complaintId = complain('微信拒收')
    await pullComplaints(world.parts)
    const { id } = await oneOf('微信拒收')
    await write(id, '您好')
    arm(world, 'wechat.complaintReply', 'status500', 1)
    await tellWechatDue(world.parts)
    expect(await oneOf('微信拒收')).toMatchObject({ state: 'answered' })
    await pass(world, 2 * minute)
    arm(world, 'wechat.complaintReply', 'refused', 1)
    await tellWechatDue(world.parts)
    const again = await oneOf('微信拒收')
    expect(again.state).toBe('open')
    expect(again.dueAt).not.toBeNull()
    expect(again.words.map(({ kind, told }) => [kind, told])).toEqual([
      ['reply', 'refused'],
      ['log', null],
    ])
    expect(again.words.at(-1)?.text).toContain('微信支付未接受这条回复')
    expect(repliesAt(complaintId)).toEqual([])
    const body = { cause: 'refund', solution: '全额退款' } as const
    await must(owner, 'putFeedbackClosure', { params: { id }, body })
    arm(world, 'wechat.complaintComplete', 'refused', 1)
    await tellWechatDue(world.parts)
    expect(await oneOf('微信拒收')).toMatchObject({ state: 'open', cause: null, solution: null })
  })
})

describe('pictures', () => {
  const pictureOf = (colour: string) =>
    sharp({ create: { width: 80, height: 60, channels: 3, background: colour } })
      .withMetadata({ exif: { IFD0: { Artist: 'payer' } } })
      .jpeg()
      .toBuffer()

  const read = (id: string, pictureId: string) =>
    owner('getFeedbackPicture', { params: { id, pictureId } })

  const fetched = async () => {
    while ((await fetchPicturesDue(world.parts)) > 0);
  }

  test('of the complaint and of what was said later: each fetched once, drawn anew, at its place', async () => {
    const complaintId = complain('图片为证', [await pictureOf('#f00'), await pictureOf('#0f0')])
    await Promise.all([pullComplaints(world.parts), pullComplaints(world.parts)])
    expect((await oneOf('图片为证')).pictures.map(({ state }) => state)).toEqual(['due', 'due'])
    world.sandbox.admin.complainMore(complaintId, '', [await pictureOf('#00f')])
    await pullComplaints(world.parts)
    await Promise.all([fetched(), fetched()])
    const { id, pictures, words } = await oneOf('图片为证')
    expect(words.map(({ text }) => text)).toEqual(['（图片）'])
    const said = words[0]?.id ?? ''
    expect(pictures.map(({ wordsId, state }) => [wordsId, state])).toEqual([
      [said, 'here'],
      [null, 'here'],
      [null, 'here'],
    ])
    const colours = []
    for (const picture of pictures) {
      const { type, width, height, base64 } = await must(owner, 'getFeedbackPicture', {
        params: { id, pictureId: picture.id },
      })
      expect([type, width, height]).toEqual(['image/jpeg', 80, 60])
      const file = Buffer.from(base64, 'base64')
      expect((await sharp(file).metadata()).exif).toBeUndefined()
      const [red = 0, green = 0, blue = 0] = (await sharp(file).stats()).channels.map(({ mean }) =>
        Math.round(mean / 255),
      )
      colours.push([red, green, blue].join(''))
    }
    expect(colours).toEqual(['001', '100', '010'])
    // Under another complaint they are not to be had.
    complain('没有图片')
    await pullComplaints(world.parts)
    const other = await oneOf('没有图片')
    expect(codeOf(await read(other.id, pictures[0]?.id ?? ''))).toBe('not_found')
  })

  test('what does not come is asked for again; what is no picture, or never comes, is said to be lost', async () => {
    complain('取图失败', [await pictureOf('#f00')])
    complain('不是图片', [Buffer.from('<svg onload="alert(1)"/>')])
    await pullComplaints(world.parts)
    arm(world, 'wechat.complaintPicture', 'status500', 99)
    await fetched()
    const { id, pictures } = await oneOf('取图失败')
    expect(pictures.map(({ state }) => state)).toEqual(['due'])
    expect(codeOf(await read(id, pictures[0]?.id ?? ''))).toBe('not_found')
    world.sandbox.admin.clearFaults()
    await pass(world, 5 * minute)
    await fetched()
    expect((await oneOf('取图失败')).pictures.map(({ state }) => state)).toEqual(['here'])
    expect((await oneOf('不是图片')).pictures.map(({ state }) => state)).toEqual(['lost'])
    complain('一直不来', [await pictureOf('#f00')])
    await pullComplaints(world.parts)
    arm(world, 'wechat.complaintPicture', 'status500', 999)
    for (let tries = 0; tries < 14; tries++) {
      await fetched()
      await pass(world, hour)
    }
    expect((await oneOf('一直不来')).pictures.map(({ state }) => state)).toEqual(['lost'])
  })

  test('only from where WeChat keeps pictures of complaints: nothing else is ever asked for', async () => {
    const { complaints } = world.parts.gateways.wechat
    for (const address of [
      `${world.sandbox.url}/admin/complaints`,
      'http://127.0.0.1:9/v3/merchant-service/../admin',
      'file:///etc/passwd',
      'javascript:alert(1)',
      '',
    ]) {
      expect([address, await complaints?.picture(address, world.parts.now())]).toMatchObject([
        address,
        { ok: false, kind: 'refused' },
      ])
    }
  })

  test('an erased person’s are gone, and a complaint that is pulled again does not bring them back', async () => {
    const theirs = await paidOrder(world, 'wechat')
    const complaintId = complain('注销之前', [await pictureOf('#f00')], theirs)
    await pullComplaints(world.parts)
    await fetched()
    const { id, pictures } = await oneOf('注销之前')
    await must(theirs.person.call, 'cancelOrder', { params: { id: theirs.order.id } })
    await followToEnd(world, theirs.order.id)
    expect(await erasePerson(world.parts, theirs.person.userId)).toEqual({})
    expect(codeOf(await read(id, pictures[0]?.id ?? ''))).toBe('not_found')
    await hearComplaint(world.parts, complaintId)
    await pass(world, hour)
    await fetched()
    expect((await must(owner, 'getConsoleFeedback', { params: { id } })).pictures).toEqual([])
    const { rows: kept } = await sql`select from complaint_pictures
      where feedback_id = ${id} and (bytes is not null or address <> '')`.execute(world.database.db)
    expect(kept).toEqual([])
  })
})
