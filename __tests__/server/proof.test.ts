/** Proofs (P10): the last step for money that was not recognised, and what looks wrong about one. */
import { randomUUID } from 'node:crypto'
import { proofFlags } from '@jiyue/contract/proof'
import type { Input } from '@jiyue/contract/schema/wire'
import { sql } from 'kysely'
import sharp, { type Sharp } from 'sharp'
import { lecture } from '../../server/demo/world.ts'
import { likePictures } from '../../server/payment/proofs/flags.ts'
import { shownPayment } from '../../server/payment/proofs/shown.ts'
import { drawAnew } from '../../server/picture/draw.ts'
import { greyOf, isAlike, LOOK_DISTANCE, lookOf } from '../../server/picture/look.ts'
import { newSlot } from '../races/setting.ts'
import { openWorld, payAtCashier, registeredOrder, signIn, type World } from '../world.ts'
import {
  codeOf,
  drawBill,
  everything,
  minute,
  openPayment,
  type Paying,
  paid,
  paying,
  pngOf,
  readOrder,
  sendPicture,
  someBill,
} from './proving.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())
beforeEach(() => later(11))
afterEach(() => {
  world.sandbox.admin.clearFaults()
  later(0)
})

const db = () => world.database.db
const later = (minutes: number) => {
  world.clock.aheadMs = minutes * minute
}

type Body = Input<'putProof'>['body']

/** Sends a proof of the whole amount with a picture nobody has sent. */
async function prove(
  { person, order }: Pick<Paying, 'person' | 'order'>,
  of: Partial<Body> = {},
  id: string = randomUUID(),
) {
  const pictureId = of.pictureId ?? (await sendPicture(person, await pngOf()))
  const body = { orderId: order.id, paidFen: 4900, ...of, pictureId }
  return person.call('putProof', { params: { id }, body })
}

/** An order whose payment was opened eleven minutes ago. */
async function waiting(slotId?: string): Promise<Paying> {
  later(0)
  const mei = await paying(world, slotId)
  later(11)
  return mei
}

const proofsOf = ({ order }: Pick<Paying, 'order'>) =>
  db().selectFrom('proofs').selectAll().where('order_id', '=', order.id).execute()
const flagsOf = async (mei: Pick<Paying, 'order'>) => (await proofsOf(mei))[0]?.flags

describe('before a person looks', () => {
  test('the provider is asked: money it has confirms the order, and no proof is taken', async () => {
    later(0)
    const person = await signIn(world)
    const order = await registeredOrder(
      person,
      await newSlot(db(), { serviceId: lecture, capacity: 9 }),
    )
    world.sandbox.admin.fault('wechat.notice', 'drop', null)
    const { params } = await openPayment(person, order.id)
    await payAtCashier(world, params)
    later(11)
    const mei = { person, order }
    expect(codeOf(await prove(mei))).toBe('already_paid')
    expect((await readOrder(person, order.id)).state).toBe('confirmed')
    expect(await proofsOf(mei)).toEqual([])
  })

  test('not before ten minutes after the first payment was opened; the button knows it too', async () => {
    later(0)
    const mei = await paying(world)
    for (const [minutes, code] of [
      [0, 'proof_too_early'],
      [9, 'proof_too_early'],
      [11, 'ok'],
    ] as const) {
      later(minutes)
      const { mayProve } = await readOrder(mei.person, mei.order.id)
      expect([minutes, mayProve, codeOf(await prove(mei))]).toEqual([minutes, code === 'ok', code])
    }
    expect((await readOrder(mei.person, mei.order.id)).mayProve).toBe(false)
  })

  test('what is taken shows on the order and in its history', async () => {
    const mei = await waiting()
    const id = randomUUID()
    const sent = await prove(mei, { transactionId: '4200001234202610010000000001' }, id)
    if (!sent.ok) throw new Error(sent.code)
    expect(sent.value.proof).toEqual({
      id,
      state: 'submitted',
      paidFen: 4900,
      reason: null,
      at: expect.any(String),
    })
    expect(sent.value.mayProve).toBe(false)
    const { rows } = await sql<{ by: string; proof: string }>`
      select by, details ->> 'proof' as proof from events
      where order_id = ${mei.order.id} and what = 'prove'`.execute(db())
    expect(rows).toEqual([{ by: 'user', proof: id }])
  })

  test('a silent provider holds nobody up, and is not made to say that nobody paid', async () => {
    const [mei, lan] = [await waiting(), await waiting()]
    expect(codeOf(await prove(mei))).toBe('ok')
    world.sandbox.admin.fault('wechat.query', 'status500', null)
    expect(codeOf(await prove(lan))).toBe('ok')
    expect([await flagsOf(mei), await flagsOf(lan)]).toEqual([['gateway_says_unpaid'], []])
  })
})

describe('one at a time', () => {
  test('another one waits for the first, the same again is the same', async () => {
    const mei = await waiting()
    const [id, pictureId] = [randomUUID(), await sendPicture(mei.person, await pngOf())]
    const first = await prove(mei, { pictureId }, id)
    expect(codeOf(first)).toBe('ok')
    expect(codeOf(await prove(mei, { pictureId }, id))).toBe('ok')
    expect(codeOf(await prove(mei))).toBe('proof_pending')
    expect(await proofsOf(mei)).toHaveLength(1)
  })

  test('ten taps at once, of one proof or of ten, leave one', async () => {
    const [mei, lan] = [await waiting(), await waiting()]
    const [id, pictureId] = [randomUUID(), await sendPicture(mei.person, await pngOf())]
    const same = await Promise.all(Array.from({ length: 10 }, () => prove(mei, { pictureId }, id)))
    expect(same.map(codeOf)).toEqual(Array(10).fill('ok'))
    const picture = await sendPicture(lan.person, await pngOf())
    const other = await Promise.all(
      Array.from({ length: 10 }, () => prove(lan, { pictureId: picture })),
    )
    expect(other.map(codeOf).sort()).toEqual(['ok', ...Array(9).fill('proof_pending')])
    expect([(await proofsOf(mei)).length, (await proofsOf(lan)).length]).toEqual([1, 1])
  })

  test('an id with another content, or of somebody else, is used; nothing changes', async () => {
    const [mei, lan, id] = [await waiting(), await waiting(), randomUUID()]
    const pictureId = await sendPicture(mei.person, await pngOf())
    await prove(mei, { pictureId }, id)
    const mine = await sendPicture(lan.person, await pngOf())
    const before = await everything(world)
    expect(codeOf(await prove(mei, { pictureId, paidFen: 4800 }, id))).toBe('proof_id_reused')
    expect(codeOf(await prove(lan, { pictureId: mine }, id))).toBe('proof_id_reused')
    expect(await everything(world)).toBe(before)
  })
})

test('orders and pictures of others are not there; nothing is asked and nothing written', async () => {
  const [mei, lan] = [await waiting(), await waiting()]
  const [mine, theirs] = [
    await sendPicture(mei.person, await pngOf()),
    await sendPicture(lan.person, await pngOf()),
  ]
  const before = await everything(world)
  const wrong = [
    prove({ person: mei.person, order: lan.order }, { pictureId: mine }),
    prove(mei, { pictureId: theirs }),
    prove(mei, { pictureId: randomUUID() }),
    prove(mei, { pictureId: mine, orderId: randomUUID() }),
  ]
  expect((await Promise.all(wrong)).map(codeOf)).toEqual(Array(4).fill('not_found'))
  expect(await everything(world)).toBe(before)
})

test('without a payment at a provider there is nothing to prove, and none of one that came', async () => {
  later(0)
  const person = await signIn(world)
  const order = await registeredOrder(
    person,
    await newSlot(db(), { serviceId: lecture, capacity: 9 }),
  )
  const lan = await paid(world)
  later(11)
  expect(codeOf(await prove({ person, order }))).toBe('not_paid')
  expect(codeOf(await prove(lan))).toBe('already_paid')
})

describe('flags', () => {
  beforeEach(() => world.sandbox.admin.fault('wechat.query', 'status500', null))

  test('they are contract’s, in its order', async () => {
    const [mei, lan] = [await waiting(), await waiting()]
    const file = await pngOf()
    await prove(mei, {
      pictureId: await sendPicture(mei.person, file),
      transactionId: 'A'.repeat(28),
    })
    world.sandbox.admin.clearFaults()
    await prove(lan, {
      pictureId: await sendPicture(lan.person, file),
      paidFen: 1,
      transactionId: 'A'.repeat(28),
    })
    expect(await flagsOf(lan)).toEqual(
      Object.keys(proofFlags).filter((flag) => flag !== 'alike_picture'),
    )
  })

  test('amount_differs: a fen less or more than what the payment asks for', async () => {
    for (const [paidFen, flags] of [
      [4900, []],
      [4899, ['amount_differs']],
      [4901, ['amount_differs']],
    ] as const) {
      const mei = await waiting()
      await prove(mei, { paidFen })
      expect(await flagsOf(mei)).toEqual(flags)
    }
  })

  test('transaction_known: of another’s payment by either number, not of one’s own', async () => {
    later(0)
    const lan = await paid(world)
    const theirs = lan.order.payment?.transactionId as string
    for (const typed of [theirs, lan.tradeNo, lan.tradeNo.toUpperCase()]) {
      const mei = await waiting()
      await prove(mei, { transactionId: typed })
      expect(await flagsOf(mei)).toEqual(['transaction_known'])
    }
    const mei = await waiting()
    await prove(mei, { transactionId: mei.tradeNo })
    expect(await flagsOf(mei)).toEqual([])
  })

  test('same_picture: the very file with another proof, also one’s own of before', async () => {
    const [mei, lan, file] = [await waiting(), await waiting(), await pngOf()]
    await prove(mei, { pictureId: await sendPicture(mei.person, file) })
    await prove(lan, { pictureId: await sendPicture(lan.person, file) })
    expect([await flagsOf(mei), await flagsOf(lan)]).toEqual([[], ['same_picture']])
  })

  test('a picture that was sent but never shown as a proof makes none of another suspicious', async () => {
    const [mei, lan, file] = [await waiting(), await waiting(), await pngOf()]
    await sendPicture(mei.person, file)
    await prove(lan, { pictureId: await sendPicture(lan.person, file) })
    expect(await flagsOf(lan)).toEqual([])
  })

  test('alike_picture: the same bill saved anew, smaller, cut off, or with another amount painted in', async () => {
    const bill = someBill()
    const file = await pngOf(bill)
    const mei = await waiting()
    await prove(mei, { pictureId: await sendPicture(mei.person, file) })
    const copies = [
      await sharp(file).jpeg({ quality: 50 }).toBuffer(),
      await sharp(file).resize(320).jpeg({ quality: 60 }).toBuffer(),
      await sharp(file).extract({ left: 0, top: 45, width: 540, height: 1100 }).png().toBuffer(),
      await pngOf({ ...bill, amount: '-888.88' }),
    ]
    for (const copy of copies) {
      const lan = await waiting()
      await prove(lan, { pictureId: await sendPicture(lan.person, copy) })
      expect(await flagsOf(lan)).toEqual(['alike_picture'])
    }
  })

  test('an honest bill of the same wallet is not alike, though it looks so from afar', async () => {
    const [one, other] = [await pngOf(), await pngOf()]
    const [mei, lan] = [await waiting(), await waiting()]
    await prove(mei, { pictureId: await sendPicture(mei.person, one) })
    await prove(lan, { pictureId: await sendPicture(lan.person, other) })
    expect(await flagsOf(lan)).toEqual([])
  })

  test('one’s own picture again for the same order, saved anew, is not another’s', async () => {
    const [mei, file] = [await waiting(), await pngOf()]
    await prove(mei, { pictureId: await sendPicture(mei.person, file) })
    await sql`update proofs set state = 'rejected', reason = '看不清', decided_by = 'merchant:x',
      decided_at = now() where order_id = ${mei.order.id}`.execute(db())
    const again = await sharp(file).jpeg().toBuffer()
    await prove(mei, { pictureId: await sendPicture(mei.person, again) })
    const flags = (await proofsOf(mei)).find(({ state }) => state === 'submitted')?.flags
    expect(flags).toEqual([])
  })
})

describe('looks', () => {
  const grey = async (picture: Sharp) =>
    greyOf((await drawAnew(await picture.png().toBuffer())).bytes)

  test('12 honest bills of one wallet are all near each other from afar, and none alike from near', async () => {
    const bills = await Promise.all(
      Array.from({ length: 12 }, async () => {
        const { bytes, look } = await drawAnew(await pngOf())
        return { grey: await greyOf(bytes), look }
      }),
    )
    const pairs = bills.flatMap((one, at) =>
      bills.slice(0, at).map((other) => [one, other] as const),
    )
    const near = pairs.filter(([one, other]) => distance(one.look, other.look) <= LOOK_DISTANCE)
    expect(near.length).toBeGreaterThan(pairs.length / 2)
    expect(pairs.filter(([one, other]) => isAlike(one.grey, other.grey)).length).toBe(0)
  })

  test('white paper is like nothing, not even white paper; a strip of a picture is not the picture', async () => {
    const paper = await grey(
      sharp({ create: { width: 900, height: 900, channels: 3, background: '#fff' } }),
    )
    expect(isAlike(paper, paper)).toBe(false)
    const bill = drawBill(someBill())
    const [whole, strip] = [
      await grey(bill.clone()),
      await grey(bill.clone().extract({ left: 0, top: 0, width: 540, height: 350 })),
    ]
    expect([isAlike(whole, whole), isAlike(whole, strip), isAlike(strip, whole)]).toEqual([
      true,
      false,
      false,
    ])
  })

  test('of 10,000 shown pictures the database finds the nearest by their bits', async () => {
    const mei = await waiting()
    const look = await lookOf((await drawAnew(await pngOf())).bytes)
    await sql`with p as (
        insert into pictures (id, user_id, type, bytes, width, height, digest, look, created_at)
        select gen_random_uuid(), ${mei.person.userId}, 'image/jpeg', '\\x00', 1, 1, md5(n::text),
          lpad(to_hex((('x' || ${look}::text)::bit(64) # ((2::numeric ^ (n % 40))::bigint - 1)::bit(64))::bigint), 16, '0'), now()
        from generate_series(1, 10000) n returning id)
      insert into proofs (id, order_id, payment_id, picture_id, paid_fen, state, reason, decided_by, decided_at, created_at)
      select gen_random_uuid(), ${mei.order.id}, ${mei.paymentId}, id, 1, 'rejected', '-', 'merchant:x', now(), now()
      from p`.execute(db())
    try {
      const found = await likePictures(db(), look, randomUUID())
      expect(found).toHaveLength(24)
      const { rows } = await sql<{ look: string }>`
        select look from pictures where id = any(${found.map(({ id }) => id)}::uuid[])`.execute(
        db(),
      )
      // n % 40 bits differ: 250 pictures are the same to the bit.
      expect(rows.map((row) => distance(row.look, look))).toEqual(Array(24).fill(0))
      const all = await sql<{ look: string }>`select look from pictures where width = 1`.execute(
        db(),
      )
      expect(Math.max(...all.rows.map((row) => distance(row.look, look)))).toBe(39)
      // The order they were shown for does not count against itself.
      const others = await likePictures(db(), look, mei.order.id)
      const own = await sql`select from pictures where width = 1
        and id = any(${others.map(({ id }) => id)}::uuid[])`.execute(db())
      expect(own.rows).toEqual([])
    } finally {
      await sql`delete from proofs where picture_id in (select id from pictures where width = 1)`.execute(
        db(),
      )
      await sql`delete from pictures where width = 1`.execute(db())
    }
  })
})

/** Bits in which two looks differ. */
function distance(one: string, other: string): number {
  const bits = (BigInt(`0x${one}`) ^ BigInt(`0x${other}`)).toString(2)
  return bits.replaceAll('0', '').length
}

describe('which payment a proof is about', () => {
  const attempts = [
    { trade_no: 'c1', method: 'alipay' as const },
    { trade_no: 'b2', method: 'wechat' as const },
    { trade_no: 'a3', method: 'wechat' as const },
  ]
  test.each([
    ['nothing typed: the newest', undefined, 'c1'],
    ['our own number', 'A3', 'a3'],
    ['WeChat’s number: the newest of WeChat', '4200001234202610010000000001', 'b2'],
    ['Alipay’s number: the newest of Alipay', '2026100122001400001234567890', 'c1'],
    ['a number of nobody: the newest', '12345678', 'c1'],
  ])('%s', (_, typed, expected) => {
    expect(shownPayment(attempts, typed)?.trade_no).toBe(expected)
  })
  test('of none: none', () => expect(shownPayment([], '12345678')).toBeUndefined())

  test('of two attempts the one whose number stands on the bill is meant', async () => {
    later(0)
    const mei = await paying(world)
    const second = await openPayment(mei.person, mei.order.id)
    later(11)
    await prove(mei, { transactionId: mei.tradeNo })
    const [proof] = await proofsOf(mei)
    expect([proof?.payment_id, second.paymentId === proof?.payment_id]).toEqual([
      mei.paymentId,
      false,
    ])
  })
})
