import { figure, limb } from '../figure.ts'
import { fig } from '../greenery.ts'
import { cone } from '../lights.ts'
import { gradient } from '../page.ts'
import { hue } from '../palette.ts'
import { pointing } from '../poses.ts'
import { camera, lying, steps } from '../space.ts'
import { chair, listener } from './listeners.ts'
import { guest, paper, podiumShape, screen } from './stage.ts'

/** The speaker beside the podium, the first row before us. */
export function speaker(): string {
  const cam = camera({ horizon: 470, eye: 1.5, focal: 1050, centre: 640 })
  const wall = gradient(['#33286b', '#54429f', '#7a5fb4'])
  return [
    wall.def,
    `<rect width="1280" height="960" fill="${wall.url}"/>`,
    ...steps(0, 1250, 26).map(
      (x) => `<rect x="${x}" y="0" width="5" height="800" fill="#1b1540" opacity=".16"/>`,
    ),
    cam.flat(lying([-8, 8], [1, 5.6]), hue.oak),
    ...steps(2.4, 5.6, 12).map((z) =>
      cam.flat(lying([-8, 8], [z, z + 0.02]), hue.bark, 'opacity=".25"'),
    ),
    `<rect y="${cam.at([0, 0, 5.6])[1]}" width="1280" height="26" fill="${hue.night}" opacity=".25"/>`,
    screen(cam, [-3.05, 0.75], [0.95, 3.2], 5.5, growth),
    cone(1010, -40, 960, 860, 260, 'beamC'),
    `<ellipse cx="965" cy="838" rx="300" ry="44" fill="#ffe9bd" opacity=".5" filter="url(#soft24)"/>`,
    cam.stand(-2.55, 4.4, `<g transform="scale(.92)">${fig(hue.coral)}</g>`),
    cam.shadow(2.45, 4.9, 0.9, 0.3),
    cam.stand(2.45, 4.9, fig(hue.teal)),
    cam.shadow(0.98, 4, 1, 0.3),
    cam.stand(
      0.98,
      4,
      figure(
        {
          ...pointing,
          nearArm: [
            [-8, 106],
            [14, 112],
          ],
        },
        guest,
        -1,
        mic,
      ),
    ),
    cam.shadow(1.75, 3.95, 0.9, 0.25),
    cam.stand(1.78, 3.95, `<g transform="scale(1.08)">${podiumShape()}</g>`),
    ...[
      [-1.35, 2.7, 1],
      [-0.62, 2.62, 3],
      [0.12, 2.7, 0],
      [0.9, 2.62, 6],
    ].map(([x, z, k]) => cam.stand(x!, z!, listener(k!, 2.4, false) + chair(3), -0.42)),
  ].join('')
}

const growth = `${paper}<path d="M10,78 C34,74 42,56 62,58 S92,34 112,36 S138,20 150,16 V80 H10Z" fill="${hue.mint}"/><path d="M10,80 C34,78 50,68 70,68 S104,54 120,54 S142,44 150,42 V80 H10Z" fill="${hue.lagoon}" opacity=".7"/>
  <path d="M10,78 C34,74 42,56 62,58 S92,34 112,36 S138,20 150,16" fill="none" stroke="${hue.teal}" stroke-width="2.2" stroke-linecap="round"/>${[
    [62, 58],
    [112, 36],
    [150, 16],
  ]
    .map(
      ([x, y]) =>
        `<circle cx="${x}" cy="${y}" r="3" fill="#fff" stroke="${hue.coral}" stroke-width="2"/>`,
    )
    .join('')}
  <path d="M10,80.5 H152" stroke="${hue.lilac}" stroke-width="1"/>`

const mic = `<g transform="translate(14 -112)">${limb(
  [
    [0, -6],
    [3, 18],
  ],
  [1.6, 2],
  hue.ink,
)}<circle cx="3.5" cy="-20" r="3.6" fill="${hue.ink}"/><circle cx="2.5" cy="-21" r="1.2" fill="#fff" opacity=".5"/></g>`
