/** Inside or outside the area of an on-site service (B3). */
import {
  type Coverage,
  distanceText,
  metresBetween,
  type Point,
  reachOf,
} from '@jiyue/contract/area'
import { address } from '@jiyue/contract/fields/address'
import fc from 'fast-check'
import { placeText, reachOfTyped, reachText } from '../../src/lib/coverage.ts'

const xuhui = { name: '徐汇店', latitude: 31.1917, longitude: 121.4383, radiusM: 8000 }
const pudong = { name: '浦东店', latitude: 31.2296, longitude: 121.5177, radiusM: 3000 }
const area: Coverage = { city: '上海市', districts: ['徐汇区'], circles: [xuhui, pudong] }

const point = fc.record({
  latitude: fc.double({ min: -89, max: 89, noNaN: true }),
  longitude: fc.double({ min: -179, max: 179, noNaN: true }),
})

/** A point so many metres from another, towards a bearing (degrees): the direct formula on a sphere. */
function away(from: Point, metres: number, bearing: number): Point {
  const rad = Math.PI / 180
  const arc = metres / 6_371_009
  const [lat, lon, way] = [from.latitude * rad, from.longitude * rad, bearing * rad]
  const to = Math.asin(
    Math.sin(lat) * Math.cos(arc) + Math.cos(lat) * Math.sin(arc) * Math.cos(way),
  )
  const turn = Math.atan2(
    Math.sin(way) * Math.sin(arc) * Math.cos(lat),
    Math.cos(arc) - Math.sin(lat) * Math.sin(to),
  )
  return { latitude: to / rad, longitude: (lon + turn) / rad }
}

test('a known distance: the two branches are 8.7 km apart', () => {
  expect(metresBetween(xuhui, pudong) / 1000).toBeCloseTo(8.66, 1)
})

test('distance is the same both ways, nothing to itself, and what the direct formula went', () => {
  fc.assert(
    fc.property(point, point, (a, b) => {
      expect(metresBetween(a, b)).toBeCloseTo(metresBetween(b, a), 3)
      expect(metresBetween(a, a)).toBe(0)
    }),
  )
  const step = fc.tuple(fc.integer({ min: 50, max: 50_000 }), fc.integer({ min: 0, max: 359 }))
  fc.assert(
    fc.property(step, ([metres, bearing]) => {
      expect(metresBetween(xuhui, away(xuhui, metres, bearing)) / metres).toBeCloseTo(1, 4)
    }),
  )
})

test('inside is exactly: a served district, or within the distance of some branch', () => {
  const step = fc.tuple(fc.integer({ min: 50, max: 20_000 }), fc.integer({ min: 0, max: 359 }))
  fc.assert(
    fc.property(step, fc.boolean(), ([metres, bearing], served) => {
      const where = away(xuhui, metres, bearing)
      const region = ['上海市', '上海市', served ? '徐汇区' : '青浦区']
      const near = [xuhui, pudong].some((one) => metresBetween(one, where) <= one.radiusM)
      expect(reachOf(area, { region, point: where }).says).toBe(
        served || near ? 'inside' : 'outside',
      )
    }),
  )
})

test.each([
  ['a served district needs no point', ['上海市', '上海市', '徐汇区'], null, 'inside'],
  [
    'a district of the same name elsewhere is not it',
    ['北京市', '北京市', '徐汇区'],
    null,
    'unknown',
  ],
  [
    'another district without a point cannot be told',
    ['上海市', '上海市', '青浦区'],
    null,
    'unknown',
  ],
  ['far from both branches', [], { latitude: 31.0, longitude: 121.0 }, 'outside'],
] as const)('%s', (_, region, where, says) => {
  expect(reachOf(area, { region, point: where }).says).toBe(says)
})

test('without circles an address outside the districts is outside', () => {
  const { says } = reachOf({ ...area, circles: [] }, { region: [], point: xuhui })
  expect(says).toBe('outside')
})

test('what people read: the branch whose circle reaches them, its distance, and what to do', () => {
  const near = reachOfTyped(area, '我的位置', away(pudong, 320, 90))
  expect(near && reachText(near, '在地图上选择')).toBe('距浦东店 320 米，在服务范围内，可上门')
  const typed = reachOfTyped(area, '青浦区', null)
  expect(typed && reachText(typed, '在地图上选择')).toBe(
    '不在所列的区；门店附近也可上门，请在地图上选择确认',
  )
  expect(reachOfTyped(area, '上', null)).toBeNull()
  expect([distanceText(4), distanceText(996), distanceText(1249)]).toEqual([
    '10 米',
    '1000 米',
    '1.2 公里',
  ])
})

describe('an address on the map', () => {
  const spot = { name: '光启大厦', latitude: 31.19, longitude: 121.43 }

  test('keeps its point while the text names it, room number or not', () => {
    const detail = '漕溪北路 88 号 光启大厦'
    expect(address.normalise({ region: [], detail, spot })).toEqual({ region: [], detail, spot })
    expect(address.normalise({ region: [], detail: `${detail} 1203 室`, spot }).spot).toEqual(spot)
  })

  test('loses it when the text names another place, and whatever is not a point', () => {
    expect(address.normalise({ region: [], detail: '天钥桥路 1 号', spot })).not.toHaveProperty(
      'spot',
    )
    for (const bad of [
      { ...spot, latitude: 91 },
      { ...spot, longitude: '121' },
      { ...spot, latitude: Number.NaN },
      { ...spot, name: ' ' },
      '光启大厦',
      null,
    ])
      expect(address.normalise({ detail: '光启大厦', spot: bad })).not.toHaveProperty('spot')
  })

  test('a name that its address holds is not said twice', () => {
    expect(placeText({ name: '光启大厦', address: '徐汇区光启大厦' })).toBe('徐汇区光启大厦')
    expect(placeText({ name: '光启大厦', address: '漕溪北路 88 号' })).toBe(
      '漕溪北路 88 号 光启大厦',
    )
  })
})
