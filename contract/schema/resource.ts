/** Shapes of the endpoints about staff, rooms and branches (contract/api/resource.ts). */
import { z } from 'zod'
import { branch, id, staff, strict } from './parts.ts'

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

export const resourceWire = {
  listResources: {
    reply: z.object({
      staff: z.array(keptStaff),
      rooms: z.array(keptRoom),
      branches: z.array(branch),
      services: z.array(z.object({ id, name: z.string() })),
    }),
  },
  putStaff: {
    params: byId,
    body: strict({ name: text(20), title: text(20), profile: text(200), serviceIds }),
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
    }),
    reply: branch,
  },
  putStaffRetirement: { params: byId, reply: keptStaff },
  deleteStaffRetirement: { params: byId, reply: keptStaff },
  putRoomRetirement: { params: byId, reply: keptRoom },
  deleteRoomRetirement: { params: byId, reply: keptRoom },
} as const

export type KeptStaff = z.output<typeof keptStaff>
export type KeptRoom = z.output<typeof keptRoom>
