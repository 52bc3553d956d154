/** Limits hold for the cluster as a whole (T4), and Redis going away neither lifts them nor shuts the shop. */
import { type Cluster, openCluster, type Program } from './setting.ts'

jest.setTimeout(300_000)

/** Requests a minute; endpoints with a limit of their own have a share of it. */
const LIMIT = 40

let cluster: Cluster
let nodes: [Program, Program]
beforeAll(async () => {
  cluster = await openCluster({ nodes: 2, requestsPerMinute: LIMIT })
  nodes = cluster.nodes as typeof nodes
})
afterAll(() => cluster?.close())

/** Asks `times` at each of the addresses in turn; the statuses. */
async function ask(times: number, urls: string[], headers: (i: number) => Record<string, string>) {
  const statuses: number[] = []
  for (let i = 0; i < times; i++) {
    const url = urls[i % urls.length] as string
    // From another origin: what lies ready for everybody is handed over uncounted (decision 041).
    const asked = { origin: 'https://elsewhere.example', ...headers(i) }
    statuses.push((await fetch(`${url}/v1/services`, { headers: asked })).status)
  }
  return statuses
}

const count = (statuses: number[], status: number) =>
  statuses.filter((one) => one === status).length

test('requests of one caller at two nodes are counted together', async () => {
  const urls = nodes.map(({ url }) => url)
  const statuses = await ask(LIMIT + 10, urls, () => ({ authorization: 'Bearer one' }))
  expect([count(statuses, 200), count(statuses, 429)]).toEqual([LIMIT, 10])
  // Another caller is not touched by it.
  expect(await ask(1, urls, () => ({ authorization: 'Bearer another' }))).toEqual([200])
})

test('an address is what nginx saw, whatever the client claims', async () => {
  const claim = (i: number) => ({ 'x-forwarded-for': `203.0.113.${i}` })
  const statuses = await ask(LIMIT + 5, [cluster.url], claim)
  expect([count(statuses, 200), count(statuses, 429)]).toEqual([LIMIT, 5])
})

test('without Redis each node counts for itself: nobody is shut out, nobody is without a limit', async () => {
  await cluster.redis.stop()
  const [one, two] = nodes
  const caller = () => ({ authorization: 'Bearer third' })
  const statuses = await ask(LIMIT + 5, [one.url], caller)
  expect([count(statuses, 200), count(statuses, 429)]).toEqual([LIMIT, 5])
  expect(await ask(1, [two.url], caller)).toEqual([200])
  await cluster.redis.start()
})
