/** Refusals of pictures and proofs: a row `refuses(endpoint, code, how)` each (setting.ts). */
import { randomUUID } from 'node:crypto'
import { must, type Person } from '../../world.ts'
import { pngOf, sendPicture } from '../proving.ts'
import { ask, byId, confirmed, db, heldOrder, mei, owner, paying, refuses } from './setting.ts'

const picture = async (person: Person) => sendPicture(person, await pngOf())

const prove = (person: Person, orderId: string, pictureId: string, id?: string, paidFen = 4900) =>
  ask(person.token, 'putProof', { ...byId(id), body: { orderId, pictureId, paidFen } })

/** An order with a payment opened long enough ago. */
async function waiting(): Promise<string> {
  const { orderId, payment } = await paying(mei)
  await db()
    .updateTable('payments')
    .set({ created_at: new Date(Date.now() - 3_600_000) })
    .where('id', '=', payment.id)
    .execute()
  return orderId
}

/** A proof that waits for its review. */
async function submitted() {
  const orderId = await waiting()
  const { id } = byId().params
  await must(mei.call, 'putProof', {
    ...byId(id),
    body: { orderId, pictureId: await picture(mei), paidFen: 4900 },
  })
  return { id, orderId }
}

const reject = (id: string) =>
  ask(owner.token, 'putDecision', { ...byId(id), body: { decision: 'reject', reason: '看不清' } })

export function proofsRefusals(): void {
  refuses('putPicture', 'picture_invalid', () =>
    ask(mei.token, 'putPicture', {
      ...byId(),
      body: { base64: Buffer.from('<svg onload="alert(1)"></svg>').toString('base64') },
    }),
  )
  refuses('putPicture', 'picture_id_reused', async () => {
    const base64 = (await pngOf()).toString('base64')
    return ask(mei.token, 'putPicture', { ...byId(await picture(mei)), body: { base64 } })
  })
  refuses('putProof', 'not_found', async () => prove(mei, await waiting(), randomUUID()))
  refuses('putProof', 'proof_id_reused', async () => {
    const { id, orderId } = await submitted()
    return prove(mei, orderId, await picture(mei), id)
  })
  refuses('putProof', 'already_paid', async () =>
    prove(mei, await confirmed(mei), await picture(mei)),
  )
  refuses('putProof', 'proof_pending', async () =>
    prove(mei, (await submitted()).orderId, await picture(mei)),
  )
  refuses('putProof', 'proof_too_early', async () =>
    prove(mei, (await paying(mei)).orderId, await picture(mei)),
  )
  refuses('putProof', 'not_paid', async () => prove(mei, await heldOrder(mei), await picture(mei)))
  refuses('getPicture', 'not_found', () => ask(owner.token, 'getPicture', byId()))
  refuses('putDecision', 'not_found', () => reject(randomUUID()))
  refuses('putDecision', 'proof_decided', async () => {
    const { id } = await submitted()
    await must(owner.call, 'putDecision', {
      ...byId(id),
      body: { decision: 'reject', reason: '金额不清楚' },
    })
    return reject(id)
  })
  refuses('putDecision', 'transaction_known', async () => {
    const [first, second] = [await submitted(), await submitted()]
    await must(owner.call, 'putDecision', { ...byId(first.id), body: approval })
    return ask(owner.token, 'putDecision', { ...byId(second.id), body: approval })
  })
}

const approval = {
  decision: 'approve',
  paidFen: 4900,
  transactionId: '4200002026112800000000000777',
  reason: '',
} as const
