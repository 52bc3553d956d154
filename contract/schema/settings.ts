/** Shapes of the merchant's settings (contract/api/settings.ts). */
import { z } from 'zod'
import { defaultRules, type Rules } from '../rules.ts'
import { goodsKinds, mostPhotos, promotionKinds, ruleAbouts, uniqueness } from '../settings.ts'
import { branch, fen, id, instant, serviceKind, strict } from './parts.ts'

const byId = strict({ id })
const named = z.object({ id, name: z.string() })
const text = (most: number) => z.string().trim().min(1).max(most)
const lines = z.array(text(100)).max(10)
/** ¥100,000: more is a slip of the finger. */
const amount = z.int().min(0).max(10_000_000)

/** A photo's name under /photos: of those that came with the product, or `services/<picture id>`. */
const photo = z
  .string()
  .regex(/^[\w-]+(\/[0-9a-f-]{36})?$/)
  .max(60)

const offer = {
  name: text(20),
  summary: text(40),
  content: lines,
  notes: lines,
  /** In order; the first is the cover. A new one is sent before, by `putServicePhoto`. */
  photos: z.array(photo).max(mostPhotos),
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
  /** Once per phone or ID number: in a slot, or in the whole service (R4). */
  uniquePer: z.enum(uniqueness),
  /** What is virtual may not use ordinary WeChat Pay. */
  goods: z.enum(goodsKinds),
  listed: z.boolean(),
  branchIds: z.array(id).max(100),
  staffIds: z.array(id).max(200),
  roomIds: z.array(id).max(200),
}

const serviceSettings = z.object({
  ...offer,
  id,
  kind: serviceKind,
  cover: z.string(),
  /** What is to come: slots that can be booked, and orders that stay as they are whatever is set. */
  ahead: z.object({ slots: z.int(), orders: z.int() }),
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
  /** Changes with whatever is set here: what is saved is based on what was read. */
  revision: z.string(),
})

export const settingsWire = {
  listServiceSettings: {
    reply: z.object({
      services: z.array(serviceSettings),
      branches: z.array(branch),
      staff: z.array(named),
      rooms: z.array(named),
    }),
  },
  putService: {
    params: byId,
    body: strict({
      ...offer,
      kind: serviceKind,
      /** The service whose form it begins with; null: the house's short one. */
      formFrom: id.nullable(),
    }),
    reply: serviceSettings,
  },
  putServiceSettings: {
    params: byId,
    body: strict({
      ...offer,
      revision: z.string().min(1).max(64),
      /** Why, for the log. */
      note: text(100).optional(),
    }),
    reply: serviceSettings,
  },
  putServicePhoto: {
    params: byId,
    body: strict({ base64: z.base64().min(8) }),
    reply: z.object({ id, width: z.int(), height: z.int() }),
  },
  getRules: { reply: allRules },
  putRules: {
    body: strict({
      rules: someRules,
      /** What these rules were when they were looked at; others now → `settings_changed`. */
      was: someRules.optional(),
    }),
    reply: allRules,
  },
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
      /** As it was read; null for a new one. */
      revision: z.string().min(1).max(64).nullable(),
      /** Only where no other for everybody runs in this time: what a figure suggests is done once. */
      alone: z.boolean().optional(),
      /** Why, for the log. */
      note: text(100).optional(),
    }),
    reply: promotion,
  },
} as const

export type ServiceSettings = z.output<typeof serviceSettings>
export type ConsolePromotion = z.output<typeof promotion>
