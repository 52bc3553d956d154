/** Inside or outside the area of an on-site service, said before booking (B3). */

import type { Coverage } from '@jiyue/contract/area'

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
