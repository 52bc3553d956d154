import { price } from '@jiyue/contract/money'
import type { ServiceSettings } from '@jiyue/contract/schema/settings'
import type { Input } from '@jiyue/contract/schema/wire'
import type { Difference } from './BeforeAfter.tsx'

export type Offer = Omit<Input<'putServiceSettings'>['body'], 'revision'>

/** The editor's texts of several lines are lists on the wire. */
export type Typed = Omit<Offer, 'content' | 'notes' | 'depositCondition'> & {
  content: string
  notes: string
  depositCondition: string
}

const charges = { order: '按单', person: '按人' }
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

/** How each setting is called and shown, in the order of the editor. */
const shown: { [K in keyof Offer]: [label: string, show: (value: Offer[K]) => string] } = {
  name: ['名称', String],
  summary: ['一句话简介', String],
  content: ['服务内容', (list) => list.join('\n')],
  notes: ['预约须知', (list) => list.join('\n')],
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
  listed: ['状态', (listed) => (listed ? '已上架' : '未上架')],
  branchIds: ['门店', (ids) => `${ids.length} 家`],
}

/** What is different; equal lists and texts are not. */
export function differencesOf(before: Offer, after: Offer): Difference[] {
  return (Object.keys(shown) as (keyof Offer)[]).flatMap((key) => {
    const [label, show] = shown[key] as [string, (value: unknown) => string]
    if (JSON.stringify(before[key]) === JSON.stringify(after[key])) return []
    return { label, before: show(before[key]), after: show(after[key]) }
  })
}
