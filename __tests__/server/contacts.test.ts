/** 常用信息 on the server (R2, G5): one's own, sealed, one default of a kind, never over the limit. */
import { randomUUID } from 'node:crypto'
import { type ContactKind, contactsPerKind } from '@jiyue/contract/contact'
import {
  must,
  openWorld,
  type Person,
  signIn,
  someIdCard,
  somePhone,
  type World,
} from '../world.ts'
import { tablesWith } from './searching.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const list = async (person: Person) => (await must(person.call, 'listContacts', {})).contacts
const put = (
  person: Person,
  values: Record<string, unknown>,
  { kind = 'person' as ContactKind, isDefault = false, id = randomUUID() as string } = {},
) => person.call('putContact', { params: { id }, body: { kind, values, isDefault } })
const someone = (name = '林小满') => ({ name, phone: somePhone() })

test('what was typed is kept normalised, and comes back by kind, the default first', async () => {
  const mei = await signIn(world)
  await put(mei, { name: ' 林小满 ', phone: '+86 138 0013 8000', idCard: '' })
  await put(mei, someone('周小棠'), { isDefault: true })
  await put(mei, { address: { region: [], detail: '漕溪北路 88 号' } }, { kind: 'address' })
  expect((await list(mei)).map(({ kind, values, isDefault }) => [kind, values, isDefault])).toEqual(
    [
      ['person', { name: '周小棠', phone: expect.any(String) }, true],
      ['person', { name: '林小满', phone: '13800138000' }, false],
      ['address', { address: { region: [], detail: '漕溪北路 88 号' } }, false],
    ],
  )
})

test('nothing of it can be read in the database', async () => {
  const mei = await signIn(world)
  const [name, phone, idCard] = ['欧阳不可读', somePhone(), someIdCard()]
  await put(mei, { name, phone, idCard })
  for (const text of [name, phone, idCard])
    expect([text, await tablesWith(world.database.db, text)]).toEqual([text, []])
})

test('somebody else’s is nothing: not read, not changed, not deleted', async () => {
  const [mei, lan] = [await signIn(world), await signIn(world)]
  const id = randomUUID()
  await put(mei, someone(), { id })
  expect(await list(lan)).toEqual([])
  expect(await put(lan, someone('改名'), { id })).toMatchObject({ code: 'not_found' })
  expect(await lan.call('deleteContact', { params: { id } })).toMatchObject({ code: 'not_found' })
  expect((await list(mei)).map(({ values }) => values.name)).toEqual(['林小满'])
  await must(mei.call, 'deleteContact', { params: { id } })
  expect(await list(mei)).toEqual([])
})

test('a repeated saving is one contact; another kind under its id is refused', async () => {
  const mei = await signIn(world)
  const id = randomUUID()
  const values = someone()
  await put(mei, values, { id })
  await put(mei, values, { id })
  expect(await list(mei)).toHaveLength(1)
  const address = { address: { region: [], detail: '别处 1 号' } }
  expect(await put(mei, address, { id, kind: 'address' })).toMatchObject({ code: 'not_found' })
})

test('ten taps that each make another one the default: one is, in the end', async () => {
  const mei = await signIn(world)
  await Promise.all(
    Array.from({ length: 10 }, (_, n) => put(mei, someone(`客人 ${n}`), { isDefault: true })),
  )
  const all = await list(mei)
  expect([all.length, all.filter(({ isDefault }) => isDefault).length]).toEqual([10, 1])
})

test('the limit holds against many at once', async () => {
  const mei = await signIn(world)
  const all = await Promise.all(
    Array.from({ length: contactsPerKind + 5 }, (_, n) => put(mei, someone(`客人 ${n}`))),
  )
  expect(all.filter(({ ok }) => ok)).toHaveLength(contactsPerKind)
  expect(await list(mei)).toHaveLength(contactsPerKind)
})

test.each<[ContactKind, Record<string, unknown>, string]>([
  ['person', { name: '林小满', phone: '123' }, 'phone'],
  ['person', { name: '林小满', phone: '13800138000', idCard: '1' }, 'idCard'],
  ['address', {}, 'address'],
  ['company', { company: { name: '某公司', code: 'x' } }, 'company.code'],
])('%s %j is refused beside its field', async (kind, values, path) => {
  const mei = await signIn(world)
  expect(await put(mei, values, { kind })).toMatchObject({
    code: 'invalid_fields',
    fields: [{ path }],
  })
  expect(await list(mei)).toEqual([])
})
