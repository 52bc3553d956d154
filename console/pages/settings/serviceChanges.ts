import { price } from '@jiyue/contract/money'
import type { ServiceSettings } from '@jiyue/contract/schema/settings'
import type { Input } from '@jiyue/contract/schema/wire'
import { goodsWords, uniquenessWords } from '@jiyue/contract/settings'
import type { Difference } from '../../parts/BeforeAfter.tsx'

export type Offer = Omit<Input<'putServiceSettings'>['body'], 'revision' | 'note'>
export type ServiceKind = Input<'putService'>['body']['kind']

/** The editor's texts of several lines are lists on the wire. */
export type Typed = Omit<Offer, 'content' | 'notes' | 'depositCondition'> & {
  content: string
  notes: string
  depositCondition: string
}

/** Where an id is shown by its name. */
export type Names = Record<'branchIds' | 'staffIds' | 'roomIds', readonly NamedOne[]>
interface NamedOne {
  id: string
  name: string
}

export const charges = { order: '按单', person: '按人' }
const lines = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)

export const typedOf = ({
  id: _,
  kind: _kind,
  cover: _cover,
  revision: _revision,
  ahead: _ahead,
  ...offer
}: ServiceSettings): Typed => ({
  ...offer,
  content: offer.content.join('\n'),
  notes: offer.notes.join('\n'),
  depositCondition: offer.depositCondition ?? '',
})

export const offerOf = (typed: Typed): Offer => ({
  ...typed,
  content: lines(typed.content),
  notes: lines(typed.notes),
  depositCondition: typed.depositCondition.trim() || null,
})

/** A new service's form asks what is decided once, too. */
export type NewTyped = Typed & { kind: ServiceKind; formFrom?: string }

/** What a new service begins with; what is asked for it is left to its maker. @chinese it is sent */
export const blank: Typed = {
  name: '',
  summary: '',
  content: '',
  notes: '',
  photos: [],
  priceFen: 0,
  priceUnit: '次',
  chargedPer: 'order',
  includes: '应付金额包含服务费用，无其他隐性收费',
  durationMinutes: 60,
  cutoffMinutes: 60,
  partyMin: 1,
  partyMax: 1,
  depositFen: 0,
  depositCondition: '',
  uniquePer: 'slot',
  goods: 'offline_service',
  listed: true,
  branchIds: [],
  staffIds: [],
  roomIds: [],
}

/** How each setting is called and shown, in the order of the editor. */
const shown: {
  [K in keyof Offer]: [label: string, show: (value: Offer[K], names: Names) => string]
} = {
  name: ['名称', String],
  summary: ['一句话简介', String],
  content: ['服务内容', (list) => list.join('\n')],
  notes: ['预约须知', (list) => list.join('\n')],
  photos: ['照片', (names) => `${names.length} 张`],
  priceFen: ['价格', price],
  priceUnit: ['计价单位', String],
  chargedPer: ['计费方式', (per) => charges[per]],
  includes: ['费用包含', String],
  durationMinutes: ['时长', (minutes) => `${minutes} 分钟`],
  cutoffMinutes: ['提前截止', (minutes) => `${minutes} 分钟`],
  partyMin: ['最少人数', String],
  partyMax: ['最多人数', String],
  depositFen: ['押金', price],
  depositCondition: ['押金退还条件', (text) => text ?? ''],
  uniquePer: ['重复报名', (per) => uniquenessWords[per]],
  goods: ['商品类型', (goods) => goodsWords[goods]],
  branchIds: ['门店', (ids, { branchIds }) => named(ids, branchIds)],
  staffIds: ['服务人员', (ids, { staffIds }) => named(ids, staffIds)],
  roomIds: ['场地', (ids, { roomIds }) => named(ids, roomIds)],
  listed: ['状态', (listed) => (listed ? '已上架' : '未上架')],
}

const named = (ids: readonly string[], all: readonly NamedOne[]) =>
  all
    .filter(({ id }) => ids.includes(id))
    .map(({ name }) => name)
    .join('、')

/** What is different, or all of what is new (`before` null); equal lists and texts are not. Lists of ids are equal in any order. */
export function differencesOf(
  before: Offer | null,
  after: Offer,
  names: Names,
): (Difference & { key: keyof Offer })[] {
  return (Object.keys(shown) as (keyof Offer)[]).flatMap((key) => {
    const [label, show] = shown[key] as [string, (value: unknown, names: Names) => string]
    const plain = (value: unknown) =>
      JSON.stringify(key.endsWith('Ids') ? [...(value as string[])].sort() : value)
    if (before && plain(before[key]) === plain(after[key])) return []
    const was = before ? show(before[key], names) : ''
    return { key, label, before: was, after: show(after[key], names) }
  })
}
