import { figure, limb } from '../figure.ts'
import { fig } from '../greenery.ts'
import { cityView } from '../outside.ts'
import { hue, shade, tint } from '../palette.ts'
import { reaching } from '../poses.ts'
import type { Camera } from '../space.ts'
import { camera, steps } from '../space.ts'
import { arches, bucket, cushion, frame, gleam, spray } from '../things.ts'
import { yan } from './cleaners.ts'
import { room, sunbeams, sunOnFloor } from './room.ts'

/** A window wall, washed with a squeegee. */
export function tallWindow(): string {
  const cam = camera({ horizon: 430, eye: 1.5, focal: 1080, centre: 585 })
  const [l, t] = cam.at([-2.45, 2.62, 5])
  const [r, b] = cam.at([1.5, 0.14, 5])
  const w = r - l
  const bars = [1, 2, 3].map(
    (i) =>
      `<rect x="${l + (w * i) / 4 - 5}" y="${t}" width="10" height="${b - t}" fill="${hue.white}"/>`,
  )
  return [
    room(cam, 5, -3.2, 5),
    `<rect x="${l - 40}" y="${t - 30}" width="${w + 80}" height="${b - t + 30}" fill="#fff" filter="url(#soft24)"/>`,
    cityView(l, t, w, b - t, 0.09),
    `<path d="M${l + 40},${b} L${l + 200},${t} h90 L${l + 130},${b}Z M${l + 480},${b} L${l + 640},${t} h50 L${l + 530},${b}Z" fill="#fff" opacity=".3"/>`,
    `<rect x="${l}" y="${t}" width="${w}" height="${b - t}" fill="none" stroke="#fff" stroke-width="14"/>${bars.join('')}<rect x="${l}" y="${t + (b - t) * 0.74}" width="${w}" height="8" fill="#fff"/>`,
    drape(cam.at([1.5, 2.74, 4.9]), cam.at([2.05, 0.02, 4.9])),
    drape(cam.at([-2.95, 2.74, 4.9]), cam.at([-2.4, 0.02, 4.9])),
    sunOnFloor(cam, [-2.4, -1.4, -0.4, 0.6], 4.95),
    sunbeams([
      [70, 190, 230, 800],
      [330, 190, 520, 800],
      [600, 190, 800, 800],
    ]),
    cam.stand(2.62, 5, frame(62, 84, arches), 1.85),
    armchair(cam),
    cam.shadow(-1.95, 4.3, 0.9, 0.4),
    cam.stand(-1.95, 4.3, `<g transform="scale(1.1)">${fig(hue.indigo)}</g>`),
    cam.shadow(-0.1, 3.75, 0.8, 0.25),
    cam.stand(-0.12, 3.75, figure(reaching, yan, 1, squeegee())),
    cam.shadow(0.74, 3.55, 0.6, 0.2),
    cam.stand(0.72, 3.55, bucket(hue.brand)),
    cam.shadow(-0.86, 3.5, 0.34, 0.12),
    cam.stand(-0.88, 3.5, spray(hue.coral)),
    gleam(790, 250, 26),
    gleam(836, 300, 13),
    gleam(300, 260, 15, 0.85),
    gleam(545, 290, 10, 0.8),
  ].join('')
}

function drape([x0, y0]: [number, number], [x1, y1]: [number, number]): string {
  const fold = (x1 - x0) / 5
  return steps(0, 4, 5)
    .map((i) => {
      const x = x0 + i * fold
      return `<path d="M${x},${y0} h${fold + 1} q8,${(y1 - y0) / 2} 0,${y1 - y0} h${-fold - 1} q8,${-(y1 - y0) / 2} 0,${y0 - y1}Z" fill="${i % 2 ? hue.lilac : shade(hue.lilac, 0.1)}"/>`
    })
    .join('')
}

function armchair(cam: Camera): string {
  const c = hue.teal
  return [
    cam.shadow(2, 3.85, 1.6, 0.6),
    cam.box({ x: [1.45, 2.45], y: [0.3, 1], z: [4.35, 4.5] }, c, 22, {
      top: tint(c, 0.2),
      side: shade(c, 0.3),
    }),
    cam.box({ x: [1.45, 2.45], y: [0.16, 0.45], z: [3.75, 4.3] }, tint(c, 0.06), 14, {
      top: tint(c, 0.2),
      side: shade(c, 0.3),
    }),
    cam.box({ x: [2.42, 2.6], y: [0.14, 0.66], z: [3.7, 4.4] }, shade(c, 0.08), 18, {
      top: tint(c, 0.2),
      side: shade(c, 0.3),
    }),
    cam.box({ x: [1.3, 1.48], y: [0.14, 0.66], z: [3.7, 4.4] }, shade(c, 0.08), 18, {
      top: tint(c, 0.2),
      side: shade(c, 0.35),
    }),
    cam.stand(1.95, 4.1, cushion(0, -23, 42, 6, hue.honey), 0.45),
  ].join('')
}

const squeegee = () =>
  `${limb(
    [
      [46, 176],
      [54, 204],
    ],
    [1.8, 1.8],
    hue.ink,
  )}<g transform="translate(54 -205) rotate(14)"><rect x="-17" y="-4" width="34" height="5" rx="2" fill="${hue.coral}"/><rect x="-17" y="-6" width="34" height="3" rx="1" fill="${hue.ink}"/></g>`
