import { figure, limb } from '../figure.ts'
import { fern, fig } from '../greenery.ts'
import { cityView } from '../outside.ts'
import { hue, mix, shade, tint } from '../palette.ts'
import { pushing } from '../poses.ts'
import type { Camera } from '../space.ts'
import { camera, facing, lying, steps } from '../space.ts'
import { books, bucket, cushion, floorLamp, frame, gleam, hills, mug, spray } from '../things.ts'
import { mei } from './cleaners.ts'
import { room, sunbeams, sunOnFloor } from './room.ts'

/** The sofa corner in the morning sun, vacuumed. */
export function livingRoom(): string {
  const cam = camera({ horizon: 385, eye: 1.45, focal: 1100, centre: 610 })
  return [
    room(cam, 6, -3, 5),
    casement(cam, [-2.35, 0.75], [0.62, 2.5], 6),
    cam.stand(3.1, 6, frame(66, 88, hills), 1.85),
    cam.shadow(1.42, 5.75, 0.7, 0.3, 0.2),
    cam.stand(1.42, 5.75, floorLamp(0.6)),
    sideboard(cam),
    sunOnFloor(cam, [-2.2, -1.2, -0.2], 5.8),
    sunbeams([
      [255, 200, 420, 700],
      [430, 200, 640, 700],
      [600, 200, 850, 700],
    ]),
    cam.flat(lying([-1.75, 0.75], [3.3, 4.75]), mix(hue.lilac, hue.cream, 0.35), 'opacity=".95"'),
    cam.flat(lying([-1.6, 0.6], [3.42, 4.6]), hue.haze),
    cam.flat(
      lying([-1.5, 0.5], [3.5, 4.5]),
      'none',
      `stroke="${hue.iris}" stroke-width="3" opacity=".6"`,
    ),
    sofa(cam),
    cam.shadow(-2.02, 4.45, 0.8, 0.4),
    cam.stand(-2.02, 4.45, fig(hue.white)),
    coffeeTable(cam),
    cam.shadow(1.5, 3.55, 1.3, 0.35),
    cam.stand(1.62, 3.55, figure(pushing, mei, -1, vacuum())),
    cam.shadow(-1.32, 3.2, 0.6, 0.3),
    cam.stand(-1.35, 3.2, bucket(hue.brand)),
    cam.stand(-1.02, 3.15, spray(hue.lagoon)),
    gleam(742, 690, 20),
    gleam(785, 730, 11),
    gleam(640, 640, 12, 0.8),
  ].join('')
}

/** A wide window in the back wall with its curtains and the city behind. */
function casement(cam: Camera, x: [number, number], y: [number, number], z: number): string {
  const [l, t] = cam.at([x[0], y[1], z])
  const [r, b] = cam.at([x[1], y[0], z])
  const w = r - l
  const bars = [0.333, 0.667].map(
    (part) => `<rect x="${l + w * part - 4}" y="${t}" width="8" height="${b - t}" fill="#fff"/>`,
  )
  const curtain = (at: number, wide: number, colour: string) =>
    steps(0, 1, 5)
      .slice(0, 4)
      .map((part, i) => {
        const fx = at + wide * part
        return `<path d="M${fx},${t - 26} h${wide / 4 + 1} q4,${(b - t) / 2} 0,${b - t + 70} h${-wide / 4 - 1} q4,${-(b - t) / 2} 0,${-(b - t) - 70}Z" fill="${i % 2 ? colour : shade(colour, 0.1)}"/>`
      })
      .join('')
  return `<rect x="${l - 60}" y="${t - 40}" width="${w + 120}" height="${b - t + 90}" fill="#fff" opacity=".7" filter="url(#soft24)"/>
    ${cityView(l, t, w, b - t)}
    <rect x="${l}" y="${t}" width="${w}" height="${b - t}" fill="none" stroke="#fff" stroke-width="12"/>${bars.join('')}<rect x="${l}" y="${t + (b - t) * 0.3}" width="${w}" height="6" fill="#fff"/>
    <rect x="${l - 18}" y="${b}" width="${w + 36}" height="14" rx="3" fill="#fff"/><rect x="${l - 18}" y="${b + 12}" width="${w + 36}" height="5" fill="${hue.lilac}" opacity=".5"/>
    ${curtain(l - 62, 92, hue.lilac)}${curtain(r - 30, 92, hue.lilac)}
    <rect x="${l - 78}" y="${t - 32}" width="${w + 156}" height="8" rx="4" fill="${hue.walnut}"/>`
}

function sofa(cam: Camera): string {
  const c = hue.indigo
  return [
    cam.shadow(-0.75, 4.8, 2.9, 0.55, 0.4),
    ...[-2.02, -1.86, 0.3, 0.46].map((x) =>
      cam.box({ x: [x, x + 0.06], y: [0, 0.14], z: [4.8, 4.86] }, hue.walnut),
    ),
    cam.box({ x: [-1.95, 0.45], y: [0.35, 0.88], z: [5.45, 5.6] }, shade(c, 0.05), 16, {
      top: tint(c, 0.2),
    }),
    cam.box({ x: [-1.85, -0.77], y: [0.18, 0.45], z: [4.8, 5.4] }, c, 10, { top: tint(c, 0.18) }),
    cam.box({ x: [-0.73, 0.35], y: [0.18, 0.45], z: [4.8, 5.4] }, c, 10, { top: tint(c, 0.18) }),
    cam.box({ x: [-2.08, -1.9], y: [0.12, 0.64], z: [4.75, 5.5] }, shade(c, 0.1), 14, {
      top: tint(c, 0.22),
    }),
    cam.box({ x: [0.4, 0.58], y: [0.12, 0.64], z: [4.75, 5.5] }, shade(c, 0.1), 14, {
      top: tint(c, 0.22),
      side: shade(c, 0.35),
    }),
    cam.stand(
      -1.55,
      5.2,
      cushion(0, -24, 44, -8, hue.honey) + cushion(32, -22, 38, 7, hue.mint),
      0.45,
    ),
    cam.stand(0.12, 5.2, cushion(0, -23, 42, 9, hue.coral), 0.45),
  ].join('')
}

function coffeeTable(cam: Camera): string {
  const leg = (x: number, z: number) =>
    cam.box({ x: [x, x + 0.05], y: [0, 0.36], z: [z, z + 0.05] }, hue.walnut)
  return [
    cam.shadow(-0.55, 4.05, 1.3, 0.5, 0.22),
    leg(-1, 4.3),
    leg(-0.15, 4.3),
    leg(-1.05, 3.8),
    leg(-0.1, 3.8),
    cam.box({ x: [-1.1, 0], y: [0.36, 0.41], z: [3.75, 4.35] }, hue.oak, 4, {
      top: tint(hue.oak, 0.3),
    }),
    cam.stand(-0.8, 4.05, fern(hue.coral, hue.moss, 0.62), 0.41),
    cam.stand(-0.35, 3.95, mug(hue.teal), 0.41),
  ].join('')
}

function sideboard(cam: Camera): string {
  return [
    cam.shadow(2.5, 5.5, 2.4, 0.5),
    cam.box({ x: [1.75, 3.75], y: [0.14, 0.78], z: [5.5, 5.95] }, tint(hue.oak, 0.12), 3, {
      top: tint(hue.oak, 0.4),
    }),
    ...[1.81, 2.47, 3.13].map((x) =>
      cam.flat(facing([x, x + 0.58], [0.2, 0.72], 5.49), tint(hue.oak, 0.26)),
    ),
    cam.stand(1.95, 5.7, fern(hue.white, hue.leaf, 0.5), 0.78),
    cam.stand(3, 5.7, books(-12, [hue.brand, hue.teal, hue.coral, hue.honey, hue.pine]), 0.78),
  ].join('')
}

/** An upright vacuum held at 43,98 whose head lies 105 cm in front. */
function vacuum(): string {
  return `${limb(
    [
      [40, 101],
      [94, 12],
    ],
    [1.8, 1.8],
    hue.ink,
  )}${limb(
    [
      [58, 72],
      [76, 42],
    ],
    [6.5, 8],
    hue.brand,
  )}${limb(
    [
      [61, 70],
      [73, 50],
    ],
    [2, 2.4],
    hue.iris,
  )}
    <path d="M84,-9 L112,-6 Q116,-5 116,0 L80,0 Q80,-7 84,-9Z" fill="${hue.coral}"/><path d="M80,0 h36 v-2 h-36Z" fill="${hue.clay}"/>`
}
