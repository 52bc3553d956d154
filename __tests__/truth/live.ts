/** Lives a drawn life: the steps, and then at rest everything must be true. */
import { booksOf, checkBooks, checkKnown } from './checks.ts'
import { type Begun, type Drawn, type Life, stages } from './draw.ts'
import { begin, type History, perform } from './history.ts'
import type { Lane } from './lane.ts'
import { hearBills, outage, toRest, toTheEnd } from './rest.ts'
import { steps } from './steps/table.ts'
import { JUMP_PAST_CLOCKS } from './steps/time.ts'

/** Lives one life in a lane. Throws with the whole story when something was wrong. */
export async function live(lane: Lane, { setting, begun, steps: drawnSteps }: Life): Promise<void> {
  const h = await begin(lane, setting)
  try {
    for (const one of begun) await start(h, one)
    await go(h, drawnSteps)
    if (setting.outage) await outage(h)
    await rested(h)
  } catch (error) {
    h.wrongs.push(String(error instanceof Error ? error.stack : error))
  }
  if (h.wrongs.length === 0) return
  await lane.wipe()
  lane.errors()
  throw new Error([...h.wrongs.map((wrong) => `✗ ${wrong}`), ...h.story].join('\n  '))
}

/** Brings an order on its way: what comes later has something to happen to. */
async function start(h: History, { stage, a, b, c }: Begun): Promise<void> {
  await go(h, [plain('bookAndOpen', a, b, c)])
  const order = h.orders.length - 1
  if (stage === 'switched') await go(h, [plain('open', order, c + 1, 0)])
  const payment = h.payments.at(-1)
  const upTo = stages.indexOf(stage)
  if (upTo < stages.indexOf('paid') || !payment?.params || payment.params.way === 'none') return
  await go(h, [plain('pay', h.payments.length - 1, 2, 0)])
  if (stage === 'paid') return
  if (stage === 'unheard') return go(h, [plain('jump', JUMP_PAST_CLOCKS, 0, 0)])
  await go(h, [plain('notice', h.lane.rails.mail().length - 1, 0, 0)])
  if (stage === 'moving') await go(h, [plain('move', order, a + 1, 2 * c + 1)])
  if (stage === 'cancelled') await go(h, [plain('cancel', order, 0, 0)])
}

const plain = (what: string, a: number, b: number, c: number): Drawn => ({
  what,
  a,
  b,
  c,
  fault: null,
  together: false,
})

/** At rest, after the bills, and after the services: everything must be true each time. */
async function rested(h: History): Promise<void> {
  await toRest(h)
  if (h.wrongs.length > 0) return
  let books = await booksOf(h)
  checkKnown(h, books)
  if (await hearBills(h, books)) {
    await toRest(h)
    books = await booksOf(h)
  }
  checkBooks(h, books)
  if (await toTheEnd(h)) {
    await toRest(h)
    checkBooks(h, await booksOf(h))
  }
  h.wrongs.push(...h.lane.errors())
}

/** Steps of the environment happen alone; errands may start at the same moment. */
async function go(h: History, list: readonly Drawn[]): Promise<void> {
  let beside: Promise<void>[] = []
  for (const { what, a, b, c, fault, together } of list) {
    const step = steps[what]?.choose(h, a, b, c)
    if (!step) continue
    if (step.act || step.first) beside = await Promise.all(beside).then(() => [])
    if ((await step.first?.()) === false) continue
    beside.push(perform(h, step, fault ?? undefined))
    if (!together || step.act) beside = await Promise.all(beside).then(() => [])
  }
  await Promise.all(beside)
}
