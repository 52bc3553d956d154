/** A proof of a payment nobody recognised, and receipts, as the phone handles them (P9 P10). */
import type { Answer, Request } from '@jiyue/contract/client'
import type { ChosenPicture } from '../../src/lib/phone.ts'
import { readYuan } from '../../src/lib/yuan.ts'
import { createApp } from '../../src/stores/app.ts'
import { createProof, isProvable } from '../../src/stores/proof.ts'
import { createReceipt, createVerification } from '../../src/stores/receipt.ts'
import { orderId, someOrder, unpaidOrder } from './flowOrder.ts'
import { glassPhone, no, offline, ok } from './flowPhone.ts'

const provable = unpaidOrder({ mayProve: true })
const underReview = unpaidOrder({
  proof: { id: 'p', state: 'submitted', paidFen: 12800, reason: null, at: provable.now },
})
const picture: ChosenPicture = { base64: '/9j/4AAQ', preview: 'file://x' }

/** A phone whose person chooses `chosen`; answers in turn, the last one stays. */
function proofPhone(answers: Record<string, Answer[]> = {}, chosen: ChosenPicture = picture) {
  const usual: Record<string, Answer[]> = {
    'GET orders': [ok(provable)],
    'PUT pictures': [ok({ id: 'x', width: 1, height: 1 })],
    'PUT proofs': [ok(underReview)],
    ...answers,
  }
  const phone = glassPhone(({ method, path }: Request) => {
    const turns = usual[`${method} ${path.split('/')[2]}`] ?? [no(404, 'not_found')]
    return turns.length > 1 ? turns.shift()! : turns[0]!
  })
  phone.choosePicture = async () => chosen
  const asked = (what: string) =>
    phone.asked.filter(({ method, path }) => `${method} ${path.split('/')[2]}` === what)
  return { phone, asked, proof: createProof(createApp(phone), orderId) }
}

async function filled(setting: ReturnType<typeof proofPhone>) {
  await setting.proof.load()
  await setting.proof.choosePicture()
  return setting
}

describe('sending a proof', () => {
  test('the picture goes first, then the proof that names it; the amount is filled in already', async () => {
    const { proof, asked } = await filled(proofPhone())
    expect(proof.store.getState().amount).toBe('128.00')
    proof.typeTransactionId(' 4200 0001 2026 ')
    expect(await proof.submit()).toBe(true)
    const [put] = asked('PUT pictures')
    const pictureId = put?.path.split('/')[3]
    expect(put?.body).toEqual({ base64: '/9j/4AAQ' })
    expect(put?.timeoutMs).toBeGreaterThan(30_000)
    expect(asked('PUT proofs')[0]?.body).toEqual({
      orderId,
      pictureId,
      paidFen: 12800,
      transactionId: '420000012026',
    })
    expect(proof.order.store.getState().order?.proof?.state).toBe('submitted')
  })

  test('what was typed is not overwritten when the order is read again', async () => {
    const { proof } = await filled(proofPhone())
    proof.typeAmount('100')
    await proof.load()
    expect(proof.store.getState().amount).toBe('100')
  })

  test('what is missing or wrong is said beside its field, and nothing is sent', async () => {
    const setting = proofPhone()
    await setting.proof.load()
    setting.proof.typeAmount('一百')
    setting.proof.typeTransactionId('短')
    expect(await setting.proof.submit()).toBe(false)
    expect(Object.keys(setting.proof.store.getState().errors).sort()).toEqual([
      'amount',
      'picture',
      'transactionId',
    ])
    expect(setting.phone.asked.filter(({ method }) => method === 'PUT')).toEqual([])
  })

  test('lost answers: the same picture, the same proof, whatever the network does', async () => {
    const setting = proofPhone({
      'PUT pictures': [offline, ok({ id: 'x', width: 1, height: 1 })],
      'PUT proofs': [offline, offline, ok(underReview)],
    })
    const { proof, phone, asked } = await filled(setting)
    const sent = proof.submit()
    await phone.pass(60_000)
    expect(await sent).toBe(true)
    for (const what of ['PUT pictures', 'PUT proofs'])
      expect(new Set(asked(what).map(({ path }) => path)).size).toBe(1)
    expect([asked('PUT pictures').length, asked('PUT proofs').length]).toEqual([2, 3])
  })

  test('a network that stays away keeps everything; the next tap goes on with the same picture', async () => {
    const { proof, phone, asked } = await filled(proofPhone({ 'PUT proofs': [offline] }))
    const first = proof.submit()
    await phone.pass(60_000)
    expect(await first).toBe(false)
    expect(proof.store.getState()).toMatchObject({ stage: 'editing', picture })
    const second = proof.submit()
    await phone.pass(60_000)
    await second
    expect(asked('PUT pictures')).toHaveLength(1)
    expect(new Set(asked('PUT proofs').map(({ path }) => path)).size).toBe(1)
  })

  test('a picture is never written into the phone’s storage', async () => {
    const { proof, phone } = await filled(proofPhone({ 'PUT pictures': [offline] }))
    const sent = proof.submit()
    await phone.pass(60_000)
    await sent
    expect(JSON.stringify(Array.from(phone.kept))).not.toContain('/9j/4AAQ')
  })

  test.each(['too_large', 'unreadable'] as const)(
    'a file that is %s is refused at once',
    async (chosen) => {
      const { proof } = await filled(proofPhone({}, chosen))
      expect(proof.store.getState().errors.picture).toContain('JPG')
      expect(proof.store.getState().picture).toBeNull()
    },
  )

  test('a picture the server cannot read has to be chosen anew', async () => {
    const { proof } = await filled(proofPhone({ 'PUT pictures': [no(422, 'picture_invalid')] }))
    expect(await proof.submit()).toBe(false)
    expect(proof.store.getState()).toMatchObject({ stage: 'editing', picture: null })
    expect(proof.store.getState().errors.picture).toContain('JPG')
  })

  test.each(['already_paid', 'proof_pending', 'proof_too_early', 'not_paid'])(
    '%s: the order is read again, the sentence stays',
    async (code) => {
      const { proof, asked } = await filled(proofPhone({ 'PUT proofs': [no(409, code)] }))
      const before = asked('GET orders').length
      expect(await proof.submit()).toBe(false)
      expect(proof.store.getState().problem?.code).toBe(code)
      expect(asked('GET orders')).toHaveLength(before + 1)
    },
  )

  test('may be sent when the server says so and none is under review', () => {
    expect(isProvable(provable)).toBe(true)
    expect(isProvable(unpaidOrder())).toBe(false)
    expect(isProvable({ ...underReview, mayProve: true })).toBe(false)
    const rejected = { ...underReview.proof!, state: 'rejected' as const }
    expect(isProvable({ mayProve: true, proof: rejected })).toBe(true)
  })
})

describe('an amount as people type it', () => {
  test.each([
    ['49', 4900],
    ['49.5', 4950],
    ['49.', 4900],
    ['¥1,280.00', 128000],
    [' 128。50元', 12850],
    ['0.01', 1],
    ['1.005', null],
    ['0', null],
    ['-5', null],
    ['', null],
    ['1e3', null],
    ['1000000', null],
    ['100000.00', 10_000_000],
  ])('%p is %p fen', (typed, fen) => {
    expect(readYuan(typed)).toBe(fen)
  })
})

describe('receipts', () => {
  const issued = ok({ code: 'C', verifyPath: '/v', pdfPath: '/v1/receipts/C/pdf' })

  test('issued, then opened where the server says', async () => {
    const opened: string[] = []
    const phone = glassPhone(() => issued)
    phone.openDocument = async (path) => opened.push(path) > 0
    const receipt = createReceipt(createApp(phone), orderId)
    await receipt.open()
    expect(opened).toEqual(['/v1/receipts/C/pdf'])
    expect(receipt.store.getState()).toEqual({ busy: false, word: null })
  })

  test('a document that does not open, and a receipt that is refused, are said', async () => {
    const phone = glassPhone(() => issued)
    phone.openDocument = async () => false
    const receipt = createReceipt(createApp(phone), orderId)
    await receipt.open()
    expect(receipt.store.getState().word).toContain('未能打开')
    const refused = createReceipt(createApp(glassPhone(() => no(409, 'not_paid'))), orderId)
    await refused.open()
    expect(refused.store.getState().word).toBe('not_paid')
  })

  test('a code is verified as it is typed: spaces, small letters and O for 0 do not matter', async () => {
    const reply = { receipt: { paidFen: someOrder().payableFen }, refundedFen: 0, now: '' }
    const phone = glassPhone(() => ok(reply))
    const one = createVerification(createApp(phone), '')
    one.type('7k2m 9pqr-3xyz 4abo')
    await one.verify()
    expect(phone.asked[0]?.path).toBe('/v1/receipts/7K2M9PQR3XYZ4AB0')
    expect(one.store.getState().verified).toEqual(reply)
  })

  test.each([
    ['too short', '7K2M', 'unreadable', 0],
    ['of nobody', '7K2M9PQR3XYZ4ABC', 'invalid', 1],
  ])('a code %s is said plainly', async (_, typed, problem, asked) => {
    const phone = glassPhone(() => no(404, 'not_found'))
    const one = createVerification(createApp(phone), typed)
    await one.verify()
    expect(one.store.getState()).toMatchObject({ verified: null, problem })
    expect(phone.asked).toHaveLength(asked)
  })
})
