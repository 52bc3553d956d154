/** Why a slot keeps its time, in the words of whoever tries to move it. */
import { refusals } from '@jiyue/contract/refusals'
import type { ConsoleSlot } from '@jiyue/contract/schema/wire'
import { whyFixed } from '@jiyue/contract/slots'

/** Null when it may be moved. `desk`: its people can be asked by the disruption desk. */
export function whyKept(slot: ConsoleSlot, now: number): { why: string; desk: boolean } | null {
  const code = whyFixed({ ...slot, private: slot.privateFor !== null }, now)
  if (code === null) return null
  if (code === 'slot_past') return { why: '已开始的时段不能改时间', desk: false }
  if (code === 'slot_checking') return { why: '系统正在核对该时段，暂不能改时间', desk: false }
  if (slot.taken > 0) return { why: `已有 ${slot.taken} 人预约，不能直接改时间`, desk: true }
  if (slot.privateFor)
    return { why: `这是 ${slot.privateFor} 的专属时段，请在自定义申请里重新回复`, desk: false }
  if (slot.waiting > 0) return { why: `有 ${slot.waiting} 人候补，不能直接改时间`, desk: false }
  return { why: refusals[code].zh, desk: false }
}
