/** Instants in lists, where the weekday is noise. */
import { clockText, monthDayText } from '@jiyue/contract/time'

/** `11月23日 14:05` */
export const stampText = (instant: string): string =>
  `${monthDayText(instant)} ${clockText(instant)}`

/** `11月23日 14:05:09`: evidence is exact. No zone differs from another by seconds. */
export const exactText = (instant: string): string =>
  `${stampText(instant)}:${new Date(instant).toISOString().slice(17, 19)}`
