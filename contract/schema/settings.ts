/** Shapes of the merchant's settings (contract/api/settings.ts). */
import { z } from 'zod'
import { defaultRules, type Rules } from '../rules.ts'
import { promotionKinds, ruleAbouts } from '../settings.ts'
import { branch, fen, id, instant, serviceKind, strict } from './parts.ts'

const byId = strict({ id })
const text = (most: number) => z.string().trim().min(1).max(most)
const lines = z.array(text(100)).max(10)
/** ¥100,000: more is a slip of the finger. */
const amount = z.int().min(0).max(10_000_000)

const offer = {
  name: text(20),
  summary: text(40),
  content: lines,
  notes: lines,
  priceFen: amount,
  priceUnit: text(4),
  chargedPer: z.enum(['order', 'person']),
  includes: text(100),
  durationMinutes: z.int().min(5).max(1440),
  cutoffMinutes: z.int().min(0).max(10_080),
  partyMin: z.int().min(1).max(500),
  partyMax: z.int().min(1).max(500),
  depositFen: amount,
  depositCondition: text(100).nullable(),
  listed: z.boolean(),
  branchIds: z.array(id).max(100),
}

const serviceSettings = z.object({
  ...offer,
  id,
  kind: serviceKind,
  cover: z.string(),
  /** Changes with whatever is set here: what is saved is based on what was read. */
  revision: z.string(),
})

const rule = (key: keyof Rules) => z.int().min(ruleAbouts[key].min).max(ruleAbouts[key].max)
const ruleKeys = Object.keys(defaultRules) as (keyof Rules)[]
const someRules = strict(
  Object.fromEntries(ruleKeys.map((key) => [key, rule(key).optional()])) as {
    [K in keyof Rules]: z.ZodOptional<z.ZodInt>
  },
)
const allRules = z.object({
  rules: z.object(
    Object.fromEntries(ruleKeys.map((key) => [key, z.number()])) as {
      [K in keyof Rules]: z.ZodNumber
    },
  ),
})

const promotion = z.object({
  id,
  service: z.object({ id, name: z.string() }).nullable(),
  label: z.string(),
  kind: z.enum(promotionKinds),
  value: z.int(),
  startsAt: instant,
  endsAt: instant,
  position: z.int(),
})

export const settingsWire = {
  listServiceSettings: {
    reply: z.object({ services: z.array(serviceSettings), branches: z.array(branch) }),
  },
  putServiceSettings: {
    params: byId,
    body: strict({ ...offer, revision: z.string().min(1).max(64) }),
    reply: serviceSettings,
  },
  getRules: { reply: allRules },
  putRules: { body: strict({ rules: someRules }), reply: allRules },
  listPromotions: { reply: z.object({ promotions: z.array(promotion), now: instant }) },
  putPromotion: {
    params: byId,
    body: strict({
      /** Null: of every service. */
      serviceId: id.nullable(),
      label: text(12),
      kind: z.enum(promotionKinds),
      /** Fen off, or percent off (10 is 9 折). */
      value: fen.min(1).max(1_000_000),
      startsAt: instant,
      endsAt: instant,
      /** Order of application, the smallest first. */
      position: z.int().min(0).max(1000),
    }),
    reply: promotion,
  },
} as const

export type ServiceSettings = z.output<typeof serviceSettings>
export type ConsolePromotion = z.output<typeof promotion>
