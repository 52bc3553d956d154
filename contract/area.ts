/** Whether on-site services reach an address (B3): the same answer on the phone and on the server. */

export interface Coverage {
  /** As addresses name it: 「上海市」. */
  city: string
  districts: readonly string[]
}

/** `region`: province, city, district as the picker names them; municipalities repeat the first. */
export function insideArea(coverage: Coverage, region: readonly string[]): boolean {
  const [province = '', city = '', district = ''] = region
  const inCity = city === coverage.city || province === coverage.city
  return inCity && coverage.districts.indexOf(district) >= 0
}
