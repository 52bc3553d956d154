import type { Point } from '../area.ts'
import type { Field } from './field.ts'
import { line } from './typed.ts'

/** Where an address is on the map, by the name it was picked by there. */
export interface Spot extends Point {
  name: string
}

/** `region`: province, city, district as the host's picker names them; empty where it has none. */
export interface Address {
  region: string[]
  detail: string
  /** Only while `detail` still names it: another street is another place. */
  spot?: Spot
}

/** A place to come to. */
export const address: Field<Address> = {
  kind: 'address',
  label: '地址',
  asks: '请填写',
  empty: { region: [], detail: '' },
  normalise(raw) {
    if (typeof raw !== 'object' || raw === null) return { region: [], detail: line(raw) }
    const given = raw as Record<keyof Address, unknown>
    const { region } = given
    const names = Array.isArray(region) ? region.map(line).filter((name) => name !== '') : []
    const detail = line(given.detail)
    const spot = spotOf(given.spot)
    return {
      region: names.slice(0, 3),
      detail,
      ...(spot && detail.indexOf(spot.name) >= 0 && { spot }),
    }
  },
  check(value, { label, max = 120 }) {
    if (value.detail === '')
      return { code: 'required', message: `请填写${label}的街道门牌`, part: 'detail' }
    if (value.detail.length > max)
      return { code: 'too_long', message: `${label}最多 ${max} 个字`, part: 'detail' }
    return null
  },
  // Municipalities name the city twice: 上海市 上海市 徐汇区.
  show: ({ region, detail }) =>
    region
      .filter((name, i) => name !== region[i - 1])
      .concat(detail)
      .join(' ')
      .trim(),
}

/** A named point on earth, or null. */
function spotOf(raw: unknown): Spot | null {
  if (typeof raw !== 'object' || raw === null) return null
  const { name, latitude, longitude } = raw as Record<keyof Spot, unknown>
  const called = line(name)
  if (called === '' || !isWithin(latitude, 90) || !isWithin(longitude, 180)) return null
  return { name: called, latitude, longitude }
}

function isWithin(degrees: unknown, most: number): degrees is number {
  return typeof degrees === 'number' && Math.abs(degrees) <= most
}
