/** Inside or outside the area of an on-site service, said before booking (B3). */

import { type Coverage, distanceText, type Point, type Reach, reachOf } from '@jiyue/contract/area'
import { refusals } from '@jiyue/contract/refusals'

/** The served district that `place` names, `'outside'`, or null while too little was typed. */
export function districtOf(coverage: Coverage, place: string): string | 'outside' | null {
  const typed = place.replace(/\s/g, '')
  if (shortName(typed.replace(coverage.city, '')).length < 2) return null
  for (const district of coverage.districts) {
    if (typed.indexOf(shortName(district)) >= 0) return district
  }
  return 'outside'
}

/** The region of an address in a served district, as the server compares it (contract/area.ts). */
export function regionOf(coverage: Coverage, district: string): string[] {
  return [coverage.city, coverage.city, district]
}

/** 浦东新区 → 浦东: people leave the ending out. */
function shortName(district: string): string {
  const short = district.replace(/(新区|区|县|市)$/, '')
  return short.length >= 2 ? short : district
}

/** What can be said of a typed place or of a point on the map; null while too little is known. */
export function reachOfTyped(coverage: Coverage, place: string, point: Point | null): Reach | null {
  const district = districtOf(coverage, place)
  if (district === null && !point) return null
  const region = district === null || district === 'outside' ? [] : regionOf(coverage, district)
  return reachOf(coverage, { region, point })
}

/** The sentence below an address. `placeWords`: what the button says that would tell more. */
export function reachText(reach: Reach, placeWords: string): string {
  if (reach.says === 'unknown') return `不在所列的区；门店附近也可上门，请${placeWords}确认`
  if (reach.says === 'outside') return refusals.outside_area.zh
  if ('district' in reach) return `${reach.district}在服务范围内，可上门`
  return `距${reach.circle.name} ${distanceText(reach.metres)}，在服务范围内，可上门`
}

/** 「漕溪北路 88 号 光启大厦」 of a place picked on a map, whose name may be part of its address. */
export function placeText({ name, address }: { name: string; address: string }): string {
  return address.indexOf(name) >= 0 ? address : `${address} ${name}`.trim()
}
