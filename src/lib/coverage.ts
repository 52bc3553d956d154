/** Inside or outside the area of an on-site service, said before booking (B3). */

import { type Coverage, distanceText, type Point, type Reach, reachOf } from '@jiyue/contract/area'
import { refusals } from '@jiyue/contract/refusals'

/** The served district that `place` names, `'outside'`, or null while too little was typed. */
export function districtOf(coverage: Coverage, place: string): string | 'outside' | null {
  const typed = place.replace(/\s/g, '')
  if (shortName(typed.replace(coverage.city, '')).length < 2) return null
  const rest = typed.replace(coverage.city, '')
  const named = namedDistrict(rest, coverage.districts)
  if (named) return named
  for (const district of coverage.districts) {
    const short = shortName(district)
    const at = rest.indexOf(short)
    if (at >= 0 && !roadEnd.test(rest.slice(at + short.length))) return district
  }
  return 'outside'
}

/** What is called a district in so many words: a served one, `'outside'`, or null where none is. */
function namedDistrict(place: string, served: readonly string[]): string | 'outside' | null {
  let isForeign = false
  for (let at = 0; at < place.length; at++) {
    if (place[at] !== '区' && place[at] !== '县') continue
    const before = place.slice(Math.max(0, at - 6), at).replace(/新$/, '')
    if (before === '' || noDistrict.test(before)) continue
    const district = served.filter((one) => {
      const short = shortName(one)
      return before.slice(-short.length) === short
    })[0]
    if (district) return district
    isForeign = true
  }
  return isForeign ? 'outside' : null
}

/** 小区, 社区, 园区, 校区, 厂区, 景区, 开发区, 院区: places within a district. */
const noDistrict = /[小社园校厂景发院]$/

/** 长宁路, 浦东大道: a street that is only called so. */
const roadEnd = /^[东西南北中]?(?:路|街|大道|大街|弄|巷)/

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
