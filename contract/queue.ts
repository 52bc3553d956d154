/**
 * The queue 排队 of a service at a peak (T5): what a phone knows of its place, and what it says.
 * Numbers of places grow with every arrival and have gaps; who has the smaller one goes in first.
 */

/** How far the queue of a service is; everybody who waits hears the same. */
export interface QueueNews {
  serviceId: string
  /** People let in so far, while the queue has stood. */
  admitted: number
  /** The largest number that was let in: whoever has this or a smaller one is in. */
  through: number
  /** People let in per minute, measured; null while it is too early to say. */
  perMinute: number | null
}

/** A place as it was read. */
export interface Place {
  number: number
  /** People before this one. */
  ahead: number
  /** `QueueNews.admitted` at the same moment. */
  admitted: number
}

/**
 * A place after news: `turn` when it is this one's; `unknown` when the queue was begun anew and the
 * place is to be read again. Who gave up before us is not counted until the next reading, so
 * `ahead` may be too large and never too small.
 */
export function placeAfter(place: Place, news: Pick<QueueNews, 'admitted' | 'through'>) {
  if (news.through >= place.number) return { state: 'turn' as const }
  if (news.admitted < place.admitted) return { state: 'unknown' as const }
  const ahead = Math.max(0, place.ahead - (news.admitted - place.admitted))
  return { state: 'waiting' as const, place: { ...place, ahead, admitted: news.admitted } }
}

/** Seconds until the turn of somebody with `ahead` people before them; null when nobody can say. */
export function estimateSeconds(ahead: number, perMinute: number | null): number | null {
  if (perMinute === null || perMinute <= 0) return null
  return Math.ceil(((ahead + 1) * 60) / perMinute)
}

/** 「您当前排队中，前方还有 X 人」 */
export function queueText(ahead: number): string {
  return `您当前排队中，前方还有 ${ahead} 人`
}

/** How long it may take, in whole minutes rounded up: a wait that ends early annoys nobody. */
export function waitText(seconds: number | null): string {
  if (seconds === null) return '正在估算等待时间'
  if (seconds < 60) return '预计等待不到 1 分钟'
  const minutes = Math.ceil(seconds / 60)
  if (minutes <= 60) return `预计等待约 ${minutes} 分钟`
  return `预计等待约 ${Math.ceil(minutes / 60)} 小时`
}
