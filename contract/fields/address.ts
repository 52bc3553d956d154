import type { Field } from './field.ts'
import { line } from './typed.ts'

/** `region`: province, city, district as the host's picker names them; empty where it has none. */
export interface Address {
  region: string[]
  detail: string
}

/** A place to come to. */
export const address: Field<Address> = {
  kind: 'address',
  label: '地址',
  asks: '请填写',
  empty: { region: [], detail: '' },
  normalise(raw) {
    if (typeof raw !== 'object' || raw === null) return { region: [], detail: line(raw) }
    const { region, detail } = raw as { region?: unknown; detail?: unknown }
    const names = Array.isArray(region) ? region.map(line).filter((name) => name !== '') : []
    return { region: names.slice(0, 3), detail: line(detail) }
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
