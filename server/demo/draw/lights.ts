import { hue } from './palette.ts'
import type { Camera, Point } from './space.ts'
import { round, steps } from './space.ts'

/** A string of bulbs hanging between two points of the scene, sagging `sag` metres. */
export function garland(
  cam: Camera,
  from: Point,
  to: Point,
  sag: number,
  bulbs: number,
  cord: string = hue.night,
): string {
  const on = (t: number): Point => [
    from[0] + (to[0] - from[0]) * t,
    from[1] + (to[1] - from[1]) * t - sag * 4 * t * (1 - t),
    from[2] + (to[2] - from[2]) * t,
  ]
  const wire = steps(0, 1, 25)
    .map((t) => cam.at(on(t)).join(','))
    .join('L')
  const lamps = steps(0.5 / bulbs, 1 - 0.5 / bulbs, bulbs).map((t) => {
    const [x, y] = cam.at(on(t))
    const r = round(Math.max(3.4, 27 / on(t)[2]))
    return `<circle cx="${x}" cy="${y + r}" r="${r * 5}" fill="url(#warm)" opacity=".75"/><circle cx="${x}" cy="${y + r}" r="${r}" fill="${hue.cream}"/>`
  })
  return `<path d="M${wire}" fill="none" stroke="${cord}" stroke-width="2" opacity=".8"/>${lamps.join('')}`
}

/** A cone of stage light from a lamp to the floor, in canvas units. */
export function cone(
  x: number,
  y: number,
  toX: number,
  toY: number,
  wide: number,
  id: string,
): string {
  return `<linearGradient id="${id}" x2="0" y2="1"><stop offset="0" stop-color="#fff3d6" stop-opacity=".5"/><stop offset="1" stop-color="#fff3d6" stop-opacity="0"/></linearGradient>
    <path d="M${x - 8},${y} L${x + 8},${y} L${toX + wide},${toY} L${toX - wide},${toY}Z" fill="url(#${id})" filter="url(#soft8)"/>`
}
