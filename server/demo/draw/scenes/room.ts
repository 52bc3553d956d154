import { gradient } from '../page.ts'
import { hue, mix, shade, tint } from '../palette.ts'
import type { Camera, Point } from '../space.ts'
import { along, facing, lying, steps } from '../space.ts'

/** Walls, floor boards and skirting of a room `deep` metres long, its left wall at x = `left`. */
export function room(cam: Camera, deep: number, left: number, right: number): string {
  const wall = gradient([tint(hue.haze, 0.35), hue.mist, hue.cream], 'right')
  const floor = gradient([hue.sand, mix(hue.sand, hue.oak, 0.55)])
  const boards = steps(left, right, Math.round((right - left) / 0.28) + 1)
    .map((x) => cam.flat(lying([x, x + 0.014], [1, deep]), shade(hue.oak, 0.1), 'opacity=".22"'))
    .join('')
  const ceiling = gradient([mix(hue.haze, hue.lilac, 0.12), hue.mist])
  return `${wall.def}${floor.def}${ceiling.def}<rect width="1280" height="960" fill="${ceiling.url}"/>
    ${cam.flat(lying([left, right], [1, deep], 2.85), ceiling.url)}
    ${cam.flat(facing([left, right], [0, 2.85], deep), wall.url)}
    ${cam.flat(facing([left, right], [2.76, 2.85], deep), hue.white)}
    ${cam.flat(along(left, [0, 2.85], [1, deep]), mix(hue.haze, hue.lilac, 0.25))}
    ${cam.flat(along(left, [2.76, 2.85], [1, deep]), hue.mist)}
    ${cam.flat(lying([left, right], [1, deep]), floor.url)}${boards}
    ${cam.flat(facing([left, right], [0, 0.1], deep), hue.white)}
    ${cam.flat(along(left, [0, 0.1], [1, deep]), hue.haze)}`
}

/** Window light on the floor, one patch a pane, slanting right as it comes nearer. */
export function sunOnFloor(cam: Camera, panes: number[], from: number): string {
  const pane = (x: number): Point[] => [
    [x, 0, from],
    [x + 0.85, 0, from],
    [x + 2.25, 0, from - 2.8],
    [x + 1.4, 0, from - 2.8],
  ]
  return panes
    .map((x) => cam.flat(pane(x), hue.white, 'opacity=".42" filter="url(#soft2)"'))
    .join('')
}

/** Shafts of light: each from x,y at the window to x,y on the floor, canvas units. */
export function sunbeams(beams: number[][]): string {
  const light = gradient(['#fff6dc/.34', '#fff6dc/0'])
  return (
    light.def +
    beams
      .map(
        ([x0, y0, x1, y1]) =>
          `<path d="M${x0},${y0} h130 L${x1! + 230},${y1} H${x1}Z" fill="${light.url}" filter="url(#soft8)"/>`,
      )
      .join('')
  )
}
