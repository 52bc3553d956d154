import { fern, fig } from '../greenery.ts'
import { garland } from '../lights.ts'
import { gradient, wash } from '../page.ts'
import { hue, mix, tint } from '../palette.ts'
import { standing, talking, toasting } from '../poses.ts'
import type { Camera } from '../space.ts'
import { along, camera, facing, lying, round, steps } from '../space.ts'
import { candles, crowd, look } from './guests.ts'

const dusk = ['#5b4aa8', '#a874b4', '#f0937a', '#fbcf8c']

/** The loft at dusk: long table, arched windows, strings of bulbs. */
export function loft(): string {
  const cam = camera({ horizon: 415, eye: 1.6, focal: 1000, centre: 640 })
  const wall = gradient(['#40327f', '#5a479f'])
  const floor = gradient(['#a488bd', '#5b4892'])
  const deep = 9
  return [
    wall.def,
    floor.def,
    wash(0, 0, 1280, 960, ['#241c4d', '#352a69']),
    cam.flat(facing([-4.6, 4.6], [0, 4], deep), wall.url),
    cam.flat(along(-4.6, [0, 4], [1, deep]), '#382b72'),
    cam.flat(along(4.6, [0, 4], [1, deep]), '#342869'),
    cam.flat(lying([-4.6, 4.6], [1, deep]), floor.url),
    ...steps(-4, 4, 9).map((x) =>
      cam.flat(lying([x, x + 0.02], [1, deep]), hue.night, 'opacity=".18"'),
    ),
    ...[-3, 0, 3].map((x) => arch(cam, x, deep)),
    ...[-3, 0, 3].map((x) =>
      cam.flat(
        [
          [x - 0.9, 0, deep],
          [x + 0.9, 0, deep],
          [x * 1.15 + 1.2, 0, 4.4],
          [x * 1.15 - 1.2, 0, 4.4],
        ],
        '#fbb98a',
        'opacity=".2" filter="url(#soft8)"',
      ),
    ),
    ...[8.6, 6.8, 5.2].map((z) =>
      cam.box({ x: [-4.6, 4.6], y: [3.72, 3.92], z: [z, z + 0.2] }, '#2a2056'),
    ),
    bar(cam),
    cam.stand(4.05, 7.6, `<g transform="scale(1.25)">${fig(hue.coral)}</g>`),
    ...crowd(cam, [
      [-2.5, 7.3, standing, look(0, 0, 'bob', hue.lagoon, hue.pine), 1],
      [-1.85, 7.25, toasting, look(1, 1, 'short', hue.honey), -1],
      [2.1, 7.0, toasting, look(1, 0, 'side', hue.lilac, hue.night), 1],
      [2.75, 6.9, talking, look(0, 2, 'long', hue.coral, hue.indigo), -1],
    ]),
    longTable(cam),
    ...[8.4, 6.9, 5.4].map((z, i) =>
      garland(cam, [-4.6, 3.55, z], [4.6, 3.55, z], 0.75 - i * 0.06, 13, hue.iris),
    ),
    ...crowd(cam, [
      [
        -2.22,
        4.7,
        talking,
        look(0, 3, 'pony', hue.teal, hue.pine, { jacket: hue.teal, top: hue.cream }),
        1,
      ],
      [2.32, 4.55, toasting, look(1, 0, 'short', hue.cream, hue.night, { jacket: hue.brand }), -1],
    ]),
    garland(cam, [-4.6, 3.2, 3.4], [4.6, 3.2, 3.4], 0.55, 15, hue.iris),
    `<circle cx="640" cy="430" r="520" fill="url(#warm)" opacity=".2"/>`,
  ].join('')
}

/** An arched factory window with the evening behind it. */
function arch(cam: Camera, x: number, z: number): string {
  const [l, b] = cam.at([x - 1, 0.5, z - 0.01])
  const [r, spring] = cam.at([x + 1, 2.45, z - 0.01])
  const half = (r - l) / 2
  const shape = `M${l},${b} V${spring} a${half},${half} 0 0 1 ${half * 2},0 V${b}Z`
  const sky = gradient(dusk)
  const id = `arch${Math.round(x * 10)}`
  const towers = steps(0, 1, 8)
    .map(
      (t, i) =>
        `<rect x="${round(l + t * (r - l) - 16)}" y="${round(b - 50 - 60 * Math.abs(Math.sin(i * 2.3 + x)))}" width="28" height="140" fill="${i % 2 ? '#6a4f9d' : '#7d5aa5'}"/>`,
    )
    .join('')
  const bars = [0.25, 0.5, 0.75].map((t) => `M${l + (r - l) * t},${b} V${spring - half}`).join('')
  return `${sky.def}<clipPath id="${id}"><path d="${shape}"/></clipPath><path d="${shape}" fill="#ffd9a0" opacity=".5" filter="url(#soft24)"/>
    <g clip-path="url(#${id})"><rect x="${l}" y="${spring - half}" width="${r - l}" height="${b - spring + half}" fill="${sky.url}"/><circle cx="${640 + (l + half - 640) * 0.4}" cy="${b - 90}" r="34" fill="${hue.cream}" opacity=".9"/>${towers}
    <path d="${bars} M${l},${spring} H${r} M${l},${(spring + b) / 2} H${r}" stroke="#2a2056" stroke-width="4" fill="none"/></g>
    <path d="${shape}" fill="none" stroke="#2a2056" stroke-width="8"/><rect x="${l - 10}" y="${b}" width="${r - l + 20}" height="10" fill="#2a2056"/>`
}

function bar(cam: Camera): string {
  const bottle = (x: number, colour: string) =>
    `<path d="M${x},0 v-16 q0,-3 2,-5 v-8 h4 v8 q2,2 2,5 v16Z" fill="${colour}"/>`
  return [
    cam.box({ x: [-4.6, -3.75], y: [0, 1.05], z: [5.2, 7.8] }, hue.pine, 0, { side: hue.teal }),
    cam.box({ x: [-4.6, -3.66], y: [1.05, 1.12], z: [5.1, 7.9] }, hue.oak, 0, {
      top: tint(hue.oak, 0.2),
      side: hue.walnut,
    }),
    cam.stand(
      -4.15,
      6.6,
      bottle(0, hue.fern) + bottle(12, hue.amber) + bottle(24, hue.coral),
      1.12,
    ),
  ].join('')
}

function longTable(cam: Camera): string {
  const seatTop = mix(hue.oak, hue.coral, 0.2)
  const bench = (x: number) =>
    [3.7, 6.7]
      .map((z) => cam.box({ x: [x + 0.04, x + 0.26], y: [0, 0.42], z: [z, z + 0.1] }, hue.night))
      .reverse()
      .join('') +
    cam.box({ x: [x, x + 0.3], y: [0.42, 0.48], z: [3.5, 7] }, seatTop, 0, {
      top: tint(seatTop, 0.15),
    })
  const place = (x: number, z: number) => {
    const [cx, cy] = cam.at([x, 0.79, z])
    const r = 120 / z
    return `<ellipse cx="${cx}" cy="${cy}" rx="${round(r)}" ry="${round(r * 0.26)}" fill="#fff"/><ellipse cx="${cx}" cy="${cy}" rx="${round(r * 0.65)}" ry="${round(r * 0.16)}" fill="${hue.haze}"/>`
  }
  const centre = [6.7, 5.9, 5.1, 4.3, 3.6].map((z, i) =>
    cam.stand(0, z, i % 2 ? candles : fern(hue.white, hue.leaf, 0.36), 0.79),
  )
  return [
    cam.shadow(0, 4.9, 3, 3.2, 0.34),
    bench(-1.3),
    bench(1),
    ...[6.9, 3.5].map(
      (z) =>
        cam.box({ x: [-0.55, -0.45], y: [0, 0.74], z: [z, z + 0.1] }, hue.night) +
        cam.box({ x: [0.45, 0.55], y: [0, 0.74], z: [z, z + 0.1] }, hue.night),
    ),
    cam.box({ x: [-0.7, 0.7], y: [0.73, 0.79], z: [3.3, 7.2] }, hue.walnut, 0, { top: hue.oak }),
    cam.flat(lying([-0.16, 0.16], [3.3, 7.2], 0.792), hue.cream),
    ...[6.8, 6.2, 5.6, 5, 4.4, 3.8].map((z) => place(-0.45, z) + place(0.45, z)),
    ...centre,
  ].join('')
}
