/** Whether on-site services reach an address (B3): the same answer on the phone and on the server. */

/** Degrees by the coordinates of Chinese maps (GCJ-02), as WeChat's and Alipay's map pickers give them. */
export interface Point {
  latitude: number
  longitude: number
}

/** Whoever is within `radiusM` metres of a branch, as the crow flies, is reached. */
export interface Circle extends Point {
  /** The branch's name. */
  name: string
  radiusM: number
}

/** Inside one of the districts or one of the circles is inside. */
export interface Coverage {
  /** As addresses name it: 「上海市」. */
  city: string
  districts: string[]
  circles: Circle[]
}

/** `region`: province, city, district as the picker names them; municipalities repeat the first. */
export interface Place {
  region: readonly string[]
  /** Where it is on the map; null while nobody has shown it there. */
  point: Point | null
}

/** `unknown`: no served district, but a circle might reach it; only its point on the map can tell. */
export type Reach =
  | { says: 'inside'; district: string }
  | { says: 'inside'; circle: Circle; metres: number }
  | { says: 'outside'; circle?: Circle; metres?: number }
  | { says: 'unknown' }

export function reachOf(coverage: Coverage, { region, point }: Place): Reach {
  const [province = '', city = '', district = ''] = region
  const inCity = city === coverage.city || province === coverage.city
  if (inCity && coverage.districts.indexOf(district) >= 0) return { says: 'inside', district }
  if (coverage.circles.length === 0) return { says: 'outside' }
  if (!point) return { says: 'unknown' }
  const near = nearest(coverage.circles, point)
  return near.metres <= near.circle.radiusM
    ? { says: 'inside', ...near }
    : { says: 'outside', ...near }
}

/** The circle whose edge is nearest, or which reaches farthest beyond the point. */
function nearest(circles: Circle[], point: Point): { circle: Circle; metres: number } {
  return circles
    .map((circle) => ({ circle, metres: metresBetween(circle, point) }))
    .reduce((best, one) =>
      one.metres - one.circle.radiusM < best.metres - best.circle.radiusM ? one : best,
    )
}

/** Mean radius of the earth, metres (IUGG). */
const EARTH_M = 6_371_009

/** Metres between two points along the ground, by the haversine formula. */
export function metresBetween(a: Point, b: Point): number {
  const rad = (degrees: number) => (degrees * Math.PI) / 180
  const half = (from: number, to: number) => Math.sin(rad(to - from) / 2) ** 2
  const h =
    half(a.latitude, b.latitude) +
    Math.cos(rad(a.latitude)) * Math.cos(rad(b.latitude)) * half(a.longitude, b.longitude)
  return 2 * EARTH_M * Math.asin(Math.sqrt(Math.min(1, h)))
}

/** 「320 米」, 「3.2 公里」. */
export function distanceText(metres: number): string {
  if (metres < 1000) return `${Math.max(10, Math.round(metres / 10) * 10)} 米`
  return `${(metres / 1000).toFixed(1)} 公里`
}
