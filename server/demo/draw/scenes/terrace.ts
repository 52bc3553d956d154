import { bushes, fern, tree } from '../greenery.ts'
import { garland } from '../lights.ts'
import { gradient, wash } from '../page.ts'
import { hue, mix } from '../palette.ts'
import { standing, talking, toasting } from '../poses.ts'
import type { Camera } from '../space.ts'
import { camera, facing, lying, steps } from '../space.ts'
import { candles, crowd, look } from './guests.ts'

/** The garden terrace at sunset, laid for a dinner. */
export function terrace(): string {
  const cam = camera({ horizon: 430, eye: 1.6, focal: 1050, centre: 640 })
  const deck = gradient([mix(hue.oak, hue.coral, 0.18), mix(hue.walnut, hue.oak, 0.45)])
  return [
    wash(0, 0, 1280, 620, ['#9aa6e0', '#d9b9dc', '#fbc6a4', '#ffe3b0']),
    `<circle cx="560" cy="395" r="330" fill="url(#warm)"/><circle cx="560" cy="392" r="44" fill="${hue.cream}"/>`,
    `<path d="M0,470 Q180,350 380,430 T760,420 T1280,380 V640 H0Z" fill="#b79fd0"/><path d="M0,520 Q240,410 520,480 T1000,460 T1280,440 V640 H0Z" fill="#8f86bd"/>`,
    cam.flat(lying([-20, 20], [7.4, 40]), mix(hue.leaf, hue.moss, 0.3)),
    ...[
      [-7.5, 15, 620],
      [-4.6, 17, 560],
      [3.2, 18, 520],
      [5.6, 15, 640],
      [8.5, 16, 700],
      [-10.5, 16, 700],
    ].map(([x, z, high]) => cam.stand(x!, z!, tree(high!, mix(hue.moss, hue.iris, 0.12)))),
    cam.stand(-5.2, 9.2, tree(560, hue.leaf)),
    cam.stand(5.4, 9.2, tree(520, mix(hue.leaf, hue.amber, 0.12))),
    cam.stand(0, 8, bushes(-640, 640, 100, hue.moss)),
    deck.def,
    cam.flat(lying([-12, 12], [1, 7.4]), deck.url),
    ...steps(2, 7.4, 24).map((z) =>
      cam.flat(lying([-12, 12], [z, z + 0.018]), hue.bark, 'opacity=".22"'),
    ),
    cam.flat(
      [
        [1.2, 0, 7.4],
        [2.2, 0, 7.4],
        [0.9, 0, 2],
        [-1.2, 0, 2],
      ],
      '#ffe6b8',
      'opacity=".3" filter="url(#soft24)"',
    ),
    railing(cam),
    ...crowd(cam, [
      [-1.72, 6.4, talking, look(1, 0, 'side', hue.cream, hue.indigo), 1],
      [-1.02, 6.35, toasting, look(0, 1, 'long', hue.lagoon, hue.pine), -1],
      [1.5, 6.2, standing, look(2, 3, 'short', hue.honey, hue.night), -1],
    ]),
    pole(cam, -3.3, 6.9),
    pole(cam, 3.6, 6.9),
    garland(cam, [-3.3, 3, 6.9], [3.6, 3, 6.9], 0.5, 15),
    banquet(cam),
    ...crowd(cam, [
      [
        1.98,
        4.25,
        toasting,
        look(0, 2, 'bob', hue.coral, hue.night, { jacket: hue.coral, top: hue.cream }),
        -1,
      ],
      [-2.0, 4.25, toasting, look(1, 0, 'short', hue.cream, hue.night, { jacket: hue.brand }), 1],
    ]),
    garland(cam, [-3.3, 3, 6.9], [-4.2, 3.1, 2.8], 0.4, 9),
    garland(cam, [3.6, 3, 6.9], [4.2, 3.1, 2.8], 0.4, 9),
    garland(cam, [-2.6, 2.65, 3.4], [2.6, 2.65, 3.4], 0.32, 13),
  ].join('')
}

function railing(cam: Camera): string {
  return [
    ...steps(-8, 8, 33).map((x) =>
      cam.flat(facing([x, x + 0.03], [0, 0.95], 7.38), hue.night, 'opacity=".75"'),
    ),
    cam.flat(facing([-8, 8], [0.93, 1], 7.36), hue.night),
  ].join('')
}

const pole = (cam: Camera, x: number, z: number) =>
  cam.flat(facing([x - 0.04, x + 0.04], [0, 3.05], z), hue.night) +
  cam.box({ x: [x - 0.22, x + 0.22], y: [0, 0.3], z: [z - 0.2, z + 0.2] }, hue.coral)

/** A table laid across the terrace with a white cloth and stools before it. */
function banquet(cam: Camera): string {
  const dish = (x: number, z: number, colour: string) => {
    const [cx, cy] = cam.at([x, 0.78, z])
    return `<ellipse cx="${cx}" cy="${cy}" rx="33" ry="8" fill="#fff"/><ellipse cx="${cx}" cy="${cy - 2}" rx="21" ry="5" fill="${colour}"/>`
  }
  const stool = (x: number) =>
    cam.shadow(x, 3.62, 0.5, 0.16) +
    cam.stand(
      x,
      3.62,
      `<path d="M-11,-44 L-14,0 M11,-44 L14,0" stroke="${hue.bark}" stroke-width="3.6" stroke-linecap="round"/><rect x="-18" y="-50" width="36" height="8" rx="4" fill="${hue.honey}"/><path d="M-18,-46 h36 q0,4 -4,4 h-28 q-4,0 -4,-4Z" fill="${hue.amber}"/>`,
    )
  const cloth = (x0: number, x1: number) => cam.flat(facing([x0, x1], [0.14, 0.77], 4), hue.white)
  return [
    cam.shadow(0, 4.2, 3.6, 0.9, 0.34),
    cloth(-1.6, 1.6),
    ...steps(-1.5, 1.4, 12).map((x) =>
      cam.flat(
        [
          [x, 0.14, 3.99],
          [x + 0.1, 0.14, 3.99],
          [x + 0.05, 0.74, 3.99],
        ],
        hue.haze,
        'opacity=".6"',
      ),
    ),
    cam.flat(lying([-1.6, 1.6], [4, 4.85], 0.775), hue.mist),
    cam.flat(facing([-1.6, 1.6], [0.74, 0.78], 3.99), hue.white),
    cam.flat(lying([-1.6, 1.6], [4.34, 4.54], 0.78), hue.lilac),
    cam.stand(-1.1, 4.45, fern(hue.coral, hue.leaf, 0.6), 0.78),
    cam.stand(0, 4.45, fern(hue.teal, hue.moss, 0.7), 0.78),
    cam.stand(1.1, 4.45, fern(hue.coral, hue.leaf, 0.6), 0.78),
    cam.stand(-0.55, 4.4, candles, 0.78),
    cam.stand(0.55, 4.4, candles, 0.78),
    dish(-1.25, 4.18, hue.fern),
    dish(-0.5, 4.18, hue.coral),
    dish(0.35, 4.18, hue.amber),
    dish(1.15, 4.18, hue.fern),
    stool(-0.95),
    stool(0),
    stool(0.95),
  ].join('')
}
