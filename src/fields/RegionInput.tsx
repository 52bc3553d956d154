export interface RegionInputProps {
  /** Province, city, district. */
  value: string[]
  onPick: (region: string[]) => void
}

/** Browsers and Alipay have no region picker: the whole address is typed. */
export function RegionInput(_: RegionInputProps) {
  return null
}
