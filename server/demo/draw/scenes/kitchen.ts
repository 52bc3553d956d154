import { figure } from '../figure.ts'
import { fern } from '../greenery.ts'
import { cityView } from '../outside.ts'
import { hue, mix, shade, tint } from '../palette.ts'
import { wiping } from '../poses.ts'
import type { Camera } from '../space.ts'
import { camera, facing, steps } from '../space.ts'
import { books, gleam, mug, pendant, spray } from '../things.ts'
import { lin } from './cleaners.ts'
import { room, sunbeams } from './room.ts'

/** An island kitchen, its worktop wiped. */
export function kitchen(): string {
  const cam = camera({ horizon: 395, eye: 1.5, focal: 1100, centre: 690 })
  const counter = mix(hue.white, hue.cream, 0.5)
  return [
    room(cam, 5.6, -3.2, 5),
    tiles(cam, 5.6),
    sinkWindow(cam),
    shelf(cam),
    base(cam, counter),
    cam.stand(-1.72, 5.2, fern(hue.coral, hue.leaf, 0.7), 0.93),
    cam.stand(-0.95, 5.2, tap(), 0.93),
    cam.stand(0.05, 5.15, bowl(), 0.93),
    sunbeams([
      [300, 190, 240, 760],
      [500, 190, 500, 760],
    ]),
    island(cam, counter),
    cam.stand(-0.25, 3.35, spray(hue.coral), 0.95),
    cam.stand(-0.92, 3.3, fruit(), 0.95),
    cam.shadow(0.95, 3.4, 0.9, 0.25),
    cam.stand(0.95, 3.4, figure(wiping, lin, -1, cloth(54, 105))),
    stool(cam, -1.42),
    stool(cam, -0.6),
    cam.stand(-1.35, 3.4, pendant(82, hue.coral, 0.4), 2.85),
    cam.stand(0.1, 3.4, pendant(82, hue.coral, 0.4), 2.85),
    gleam(775, 690, 20),
    gleam(740, 726, 11),
    gleam(1180, 330, 14, 0.9),
  ].join('')
}

function tiles(cam: Camera, z: number): string {
  const rows = steps(0.95, 1.55, 5)
  const columns = steps(-3.2, 3.4, 23)
  const line = 'opacity=".6"'
  return (
    cam.flat(facing([-3.2, 3.4], [0.9, 1.6], z), hue.foam) +
    rows.map((y) => cam.flat(facing([-3.2, 3.4], [y, y + 0.012], z), hue.mint, line)).join('') +
    columns.map((x) => cam.flat(facing([x, x + 0.012], [0.9, 1.6], z), hue.mint, line)).join('')
  )
}

function sinkWindow(cam: Camera): string {
  const [l, t] = cam.at([-2.1, 2.45, 5.6])
  const [r, b] = cam.at([-0.1, 1.12, 5.6])
  const w = r - l
  return `<rect x="${l - 40}" y="${t - 30}" width="${w + 80}" height="${b - t + 60}" fill="#fff" opacity=".8" filter="url(#soft24)"/>${cityView(l, t, w, b - t)}
    <rect x="${l}" y="${t}" width="${w}" height="${b - t}" fill="none" stroke="#fff" stroke-width="12"/><rect x="${l + w / 2 - 4}" y="${t}" width="8" height="${b - t}" fill="#fff"/>
    <rect x="${l - 14}" y="${b}" width="${w + 28}" height="12" rx="3" fill="#fff"/>`
}

function shelf(cam: Camera): string {
  const board = (y: number) =>
    cam.box({ x: [0.3, 2], y: [y, y + 0.05], z: [5.35, 5.6] }, hue.oak, 2)
  const jar = (x: number, colour: string) =>
    `<rect x="${x}" y="-17" width="12" height="17" rx="2.5" fill="${colour}"/><rect x="${x + 8}" y="-17" width="4" height="17" rx="2" fill="${shade(colour)}" opacity=".5"/><rect x="${x + 1}" y="-21" width="10" height="5" rx="1.5" fill="${hue.walnut}"/>`
  return [
    board(1.72),
    cam.stand(
      0.5,
      5.4,
      jar(0, hue.honey) + jar(17, hue.lagoon) + jar(34, hue.coral) + jar(51, hue.lilac),
      1.77,
    ),
    cam.stand(
      1.5,
      5.4,
      `${mug(hue.brand)}<g transform="translate(17 0)">${mug(hue.teal)}</g>`,
      1.77,
    ),
    board(2.15),
    cam.stand(0.75, 5.4, fern(hue.white, hue.leaf, 0.45), 2.2),
    cam.stand(1.2, 5.4, books(0, [hue.indigo, hue.teal, hue.honey, hue.coral, hue.pine], 22), 2.2),
    cam.box({ x: [2.25, 3.1], y: [0, 2.3], z: [4.95, 5.6] }, hue.mint, 5, {
      side: shade(hue.mint, 0.14),
    }),
    cam.flat(facing([2.25, 3.1], [1.42, 1.44], 4.94), hue.lagoon),
    cam.flat(facing([2.33, 2.37], [1.55, 1.95], 4.94), hue.white),
    cam.flat(facing([2.33, 2.37], [0.85, 1.3], 4.94), hue.white),
  ].join('')
}

function base(cam: Camera, top: string): string {
  const front = hue.teal
  const doors = steps(-2.95, 1.5, 7)
  return [
    cam.box({ x: [-3.2, 2.2], y: [0.1, 0.88], z: [5, 5.6] }, front),
    ...doors.map((x) => cam.flat(facing([x, x + 0.68], [0.16, 0.82], 4.99), tint(front, 0.1))),
    ...doors.map((x) => cam.flat(facing([x + 0.24, x + 0.44], [0.74, 0.765], 4.98), hue.honey)),
    cam.box({ x: [-3.2, 2.22], y: [0.88, 0.93], z: [4.96, 5.6] }, top, 0, { top: hue.white }),
    cam.flat(facing([-3.2, 2.2], [0, 0.1], 5.02), shade(front, 0.4)),
  ].join('')
}

function island(cam: Camera, top: string): string {
  const front = hue.indigo
  return [
    cam.shadow(-1.1, 3.05, 3, 0.3, 0.3),
    cam.box({ x: [-2.3, 0.42], y: [0.08, 0.9], z: [3, 3.75] }, front, 0, {
      side: shade(front, 0.25),
    }),
    ...[-2.25, -1.38, -0.5].map((x) =>
      cam.flat(facing([x, x + 0.84], [0.14, 0.84], 2.99), tint(front, 0.1)),
    ),
    cam.box({ x: [-2.38, 0.5], y: [0.9, 0.95], z: [2.94, 3.8] }, top, 2, { top: hue.white }),
  ].join('')
}

/** A bar stool before the island. */
function stool(cam: Camera, x: number): string {
  const legs = `<path d="M-12,-66 L-17,0 M12,-66 L17,0 M-15,-22 H15" stroke="${hue.walnut}" stroke-width="3.4" stroke-linecap="round" fill="none"/>`
  const seat = `<rect x="-18" y="-72" width="36" height="9" rx="4.5" fill="${hue.honey}"/><path d="M-18,-67 h36 q0,4 -4.5,4 h-27 q-4.5,0 -4.5,-4Z" fill="${hue.amber}"/>`
  return cam.shadow(x, 2.72, 0.55, 0.14) + cam.stand(x, 2.72, legs + seat)
}

const cloth = (x: number, y: number) =>
  `<path d="M${x - 9},${-y + 3} q10,-8 22,-1 l4,6 q-14,3 -27,1Z" fill="${hue.coral}"/>`

const tap = () =>
  `<path d="M0,0 V-24 q0,-9 9,-9 t9,9 v3" fill="none" stroke="${hue.iris}" stroke-width="4" stroke-linecap="round"/><rect x="-4" y="-3" width="8" height="3" rx="1" fill="${hue.indigo}"/>`

const bowl = () =>
  `<rect x="-22" y="-4" width="44" height="4" rx="1" fill="${hue.oak}"/><g transform="translate(-8 -4)">${mug(hue.white)}</g><g transform="translate(10 -4)">${mug(hue.honey)}</g>`

const fruit = () =>
  `<circle cx="-9" cy="-17" r="8" fill="${hue.coral}"/><circle cx="4" cy="-19" r="8.5" fill="${hue.amber}"/><circle cx="14" cy="-16" r="7" fill="${hue.fern}"/><path d="M-24,-14 h48 q-2,14 -16,14 h-16 q-14,0 -16,-14Z" fill="${hue.lagoon}"/><path d="M8,-14 h16 q-2,14 -16,14 h-8 q8,-4 8,-14Z" fill="${hue.teal}"/>`
