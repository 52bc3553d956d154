import { chinaDay } from '../clock.ts'
import { paramError } from './refusal.ts'

/** A whole number of a list's query, within its bounds. */
export function whole(
  query: URLSearchParams,
  name: string,
  usual: number,
  least: number,
  most: number,
): number {
  const given = query.get(name)
  if (given === null) return usual
  const value = Number(given)
  if (!Number.isInteger(value) || value < least || value > most)
    throw paramError(`/query/${name}`, given, '超出取值范围')
  return value
}

/** A day of China in a list's query, from its beginning to its end. */
export function dayIn(query: URLSearchParams, name: string) {
  const given = query.get(name)
  if (!given || !/^\d{4}-\d\d-\d\d$/.test(given) || Number.isNaN(Date.parse(given)))
    throw paramError(`/query/${name}`, given, '日期格式错误')
  const found = chinaDay(given)
  if (!found) throw paramError(`/query/${name}`, given, '日期格式错误')
  return found
}
