/** Shapes of the endpoints about staff, rooms and branches (contract/api/resource.ts). */
import { z } from 'zod'
import { branch, id, latitude, longitude, staff, strict } from './parts.ts'

const text = (most: number) => z.string().trim().min(1).max(most)
const byId = strict({ id })
const serviceIds = z.array(id).max(100)

/** What is ahead of it. */
const ahead = z.object({
  /** Slots ahead with seats taken. */
  taken: z.int(),
  /** Slots ahead that can still be booked. */
  open: z.int(),
  /** Templates in use. */
  schedules: z.int(),
})

const keptStaff = staff.extend({ serviceIds, retired: z.boolean(), ahead })
const keptRoom = z.object({
  id,
  name: z.string(),
  branchId: id,
  about: z.string(),
  seats: z.int(),
  serviceIds,
  retired: z.boolean(),
  ahead,
})

/** Both degrees, or neither while nobody has entered them. */
const keptBranch = branch.extend({
  latitude: latitude.nullable(),
  longitude: longitude.nullable(),
})

/** Where a service comes to: districts of a city, and so many metres around its branches. */
const area = strict({
  city: text(20),
  districts: z.array(text(20)).max(100),
  radiusM: z.int().min(100).max(200_000).nullable(),
})
/** `area` null: people come to a branch. `located`: how many of its branches are on the map. */
const served = z.object({
  id,
  name: z.string(),
  area: area.nullable(),
  located: z.int(),
})

export const resourceWire = {
  listResources: {
    reply: z.object({
      staff: z.array(keptStaff),
      rooms: z.array(keptRoom),
      branches: z.array(keptBranch),
      services: z.array(served),
    }),
  },
  putStaff: {
    params: byId,
    body: strict({
      name: text(20),
      title: text(20),
      profile: text(200),
      serviceIds,
      /** A new portrait, or null to take it away; the one that is there stays when this is left out. */
      photo: strict({ base64: z.base64().min(8) })
        .nullable()
        .optional(),
    }),
    reply: keptStaff,
  },
  putRoom: {
    params: byId,
    body: strict({
      name: text(20),
      branchId: id,
      about: text(200),
      seats: z.int().min(1).max(10_000),
      serviceIds,
    }),
    reply: keptRoom,
  },
  putBranch: {
    params: byId,
    body: strict({
      name: text(20),
      address: text(100),
      phone: z.string().regex(/^[\d\- ]{5,20}$/, '请输入有效的电话号码'),
      latitude: latitude.nullable(),
      longitude: longitude.nullable(),
    }),
    reply: keptBranch,
  },
  putArea: { params: byId, body: strict({ area: area.nullable() }), reply: served },
  putStaffRetirement: { params: byId, reply: keptStaff },
  deleteStaffRetirement: { params: byId, reply: keptStaff },
  putRoomRetirement: { params: byId, reply: keptRoom },
  deleteRoomRetirement: { params: byId, reply: keptRoom },
} as const

export type KeptStaff = z.output<typeof keptStaff>
export type KeptRoom = z.output<typeof keptRoom>
export type Served = z.output<typeof served>
