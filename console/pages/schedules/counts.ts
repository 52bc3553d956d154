import { type SlotFate, slotFates } from '@jiyue/contract/schedule'

/** 「新增 12 · 保留 2」; what does not happen is not said. */
export function countsText(counts: Record<SlotFate, number>): string {
  return (Object.keys(slotFates) as SlotFate[])
    .filter((fate) => fate !== 'keep' && counts[fate] > 0)
    .map((fate) => `${slotFates[fate].zh} ${counts[fate]}`)
    .join(' · ')
}
