import { figure } from '../figure.ts'
import { bushes, fern, tree } from '../greenery.ts'
import { wash } from '../page.ts'
import { hue, shade, skins } from '../palette.ts'
import { heaving, standing, talking } from '../poses.ts'
import type { Camera } from '../space.ts'
import { camera, lying, round, steps } from '../space.ts'
import { crowd, look } from './guests.ts'

/** Tug of war on the lawn, two stalls behind. */
export function lawn(): string {
  const cam = camera({ horizon: 470, eye: 1.5, focal: 1050, centre: 640 })
  const team = (turn: 1 | -1, top: string, bottom: string) =>
    (
      [
        [0, 2, 'short'],
        [1, 0, 'pony'],
        [0, 1, 'side'],
      ] as const
    ).map(([skin, hair, style], i) => {
      const x = -turn * (0.62 + i * 0.82)
      const style2 = turn === -1 && i === 0 ? 'bun' : turn === -1 && i === 2 ? 'bob' : style
      const who = look(turn === 1 ? skin : (skin + 1) % 3, (hair + i) % 4, style2, top, bottom, {
        sleeve: 'short',
      })
      return (
        cam.shadow(x - turn * 0.1, 4.9, 1.05, 0.3, 0.3) +
        cam.stand(x, 4.9, figure(heaving, who, turn))
      )
    })
  const [ropeFrom, ropeY] = cam.at([-2.75, 0.945, 4.9])
  const [ropeTo] = cam.at([2.75, 0.945, 4.9])
  return [
    wash(0, 0, 1280, 590, ['#8fd0dc', '#cdeae6', '#fff3dc']),
    `<circle cx="1010" cy="170" r="260" fill="url(#pale)"/>`,
    cloud(210, 150, 1.1),
    cloud(620, 95, 0.75),
    cloud(1060, 200, 1),
    skyline(),
    `<path d="M0,485 Q300,435 640,470 T1280,455 V550 H0Z" fill="${hue.lagoon}" opacity=".75"/>`,
    ...[
      [-13, 22, 520],
      [-9.5, 20, 600],
      [10, 20, 620],
      [13.5, 22, 560],
      [6.8, 23, 480],
      [-6, 24, 440],
    ].map(([x, z, high]) => cam.stand(x!, z!, tree(high!, hue.leaf))),
    wash(0, 510, 1280, 450, ['#8fcf9a', '#5fb385', '#4ba07a']),
    ...[0, 1, 2, 3, 4, 5].map((i) =>
      cam.flat(
        [
          [-14 + i * 5, 0, 30],
          [-11.5 + i * 5, 0, 30],
          [-4.2 + i * 2, 0, 2],
          [-5.2 + i * 2, 0, 2],
        ],
        '#ffffff',
        'opacity=".09"',
      ),
    ),
    cam.stand(0, 18, bushes(-1150, 1150, 70, hue.moss)),
    marquee(cam, -3.7, 10.5, hue.brand),
    marquee(cam, 3.7, 10.5, hue.coral),
    bunting(cam),
    ...crowd(cam, [
      [-1.0, 9, talking, look(0, 1, 'long', hue.honey, hue.pine), 1],
      [
        0.95,
        9,
        {
          ...standing,
          nearArm: [
            [-22, 142],
            [-16, 172],
          ],
          farArm: [
            [24, 142],
            [20, 172],
          ],
        },
        look(1, 0, 'short', hue.iris, hue.night),
        -1,
      ],
      [1.75, 8.8, talking, look(0, 3, 'bun', hue.lagoon, hue.night), -1],
    ]),
    ...team(1, hue.brand, hue.night).reverse(),
    ...team(-1, hue.coral, hue.pine).reverse(),
    `<path d="M${ropeFrom},${ropeY + 10} Q${ropeFrom + 60},${ropeY} ${ropeFrom + 150},${ropeY} H${ropeTo - 150} Q${ropeTo - 60},${ropeY} ${ropeTo},${ropeY + 10}" stroke="${hue.oak}" stroke-width="11" fill="none" stroke-linecap="round"/><path d="M${ropeFrom + 30},${ropeY + 3} H${ropeTo - 30}" stroke="${hue.walnut}" stroke-width="3" stroke-dasharray="7 9" opacity=".6"/>`,
    `<path d="M632,${ropeY - 2} h16 l4,52 l-12,-9 l-12,9Z" fill="${hue.honey}"/>`,
    ...hands(cam),
    ...[-2.1, -1.1, 1.1, 2.1].map(
      (x) => cam.shadow(x, 3.75, 0.4, 0.14) + cam.stand(x, 3.75, marker),
    ),
    cam.flat(lying([-0.03, 0.03], [4.2, 5.6]), hue.white),
    ...[
      [190, 915, 1],
      [470, 940, 0.8],
      [790, 930, 0.9],
      [1100, 920, 1],
      [640, 900, 0.7],
    ].map(([x, y, s]) => tuft(x!, y!, s!)),
  ].join('')
}

/** The fists again, over the rope, so that everyone holds it. */
function hands(cam: Camera): string[] {
  return ([1, -1] as const).flatMap((turn) =>
    [0, 1, 2].flatMap((i) =>
      [2, 22].map((reach) =>
        cam.stand(
          -turn * (0.62 + i * 0.82) + (turn * reach) / 100,
          4.9,
          `<circle cy="-94.5" r="5" fill="${skins[turn === 1 ? [0, 1, 0][i]! : [1, 2, 1][i]!]}"/>`,
        ),
      ),
    ),
  )
}

function marquee(cam: Camera, x: number, z: number, colour: string): string {
  const stripes = steps(-150, 90, 5).map(
    (at, i) =>
      `<path d="M${at},-230 h60 L${at * 0.16 + 12},-330 h-14Z" fill="${i % 2 ? hue.white : colour}"/>`,
  )
  const scallops = steps(-150, 90, 5).map(
    (at, i) =>
      `<path d="M${at},-231 h60 v12 q-30,26 -60,0Z" fill="${i % 2 ? hue.haze : shade(colour, 0.15)}"/>`,
  )
  return (
    cam.shadow(x, z, 3.4, 1.6, 0.25) +
    cam.stand(
      x,
      z,
      `<path d="M-138,-225 H138 V-70 H-138Z" fill="${hue.cream}" opacity=".5"/><path d="M-142,0 V-230 M142,0 V-230" stroke="${hue.white}" stroke-width="6"/>
    <rect x="-110" y="-80" width="220" height="80" rx="3" fill="${hue.white}"/><rect x="-116" y="-88" width="232" height="12" rx="3" fill="${hue.oak}"/>
    <g transform="translate(-60 -88)">${fern(hue.coral, hue.leaf, 0.7)}</g><circle cx="20" cy="-96" r="9" fill="${hue.amber}"/><circle cx="38" cy="-95" r="8" fill="${hue.coral}"/><circle cx="54" cy="-96" r="9" fill="${hue.fern}"/>
    ${stripes.join('')}${scallops.join('')}`,
    )
  )
}

function bunting(cam: Camera): string {
  const [x0, y0] = cam.at([-2.25, 2.3, 10.5])
  const [x1] = cam.at([2.25, 2.3, 10.5])
  const colours = [hue.coral, hue.honey, hue.brand, hue.lagoon]
  const flags = steps(0.04, 0.96, 14).map((t, i) => {
    const x = x0 + (x1 - x0) * t
    const y = y0 + 46 * 4 * t * (1 - t)
    return `<path d="M${round(x - 11)},${round(y)} h22 l-11,24Z" fill="${colours[i % 4]}"/>`
  })
  return `<path d="M${x0},${y0} Q${(x0 + x1) / 2},${y0 + 92} ${x1},${y0}" fill="none" stroke="#fff" stroke-width="2.5"/>${flags.join('')}`
}

const cloud = (x: number, y: number, s: number) =>
  `<path transform="translate(${x} ${y}) scale(${s})" d="M-90,20 q-26,0 -26,-22 q0,-24 28,-24 q8,-34 46,-34 q34,0 44,28 q10,-8 26,-6 q28,4 28,30 q26,0 26,16 q0,12 -16,12Z" fill="#fff" opacity=".85"/>`

const skyline = () =>
  steps(0, 1240, 26)
    .map((x, i) => {
      const high = 50 + 110 * Math.abs(Math.sin(i * 1.9)) * (0.5 + 0.5 * Math.sin(i * 0.7))
      return `<rect x="${round(x)}" y="${round(480 - Math.abs(high))}" width="44" height="200" fill="${i % 2 ? '#b5d6df' : '#a6ccd8'}"/>`
    })
    .join('')

const marker = `<rect x="-14" y="-3" width="28" height="4" rx="2" fill="${hue.clay}"/><path d="M-10,-3 L-3,-30 q3,-3 6,0 L10,-3Z" fill="${hue.coral}"/><path d="M-7.3,-13 L-5,-21 H5 L7.3,-13Z" fill="#fff"/>`

const tuft = (x: number, y: number, s: number) =>
  `<path transform="translate(${x} ${y}) scale(${s})" d="M-16,0 Q-14,-16 -22,-26 Q-8,-18 -6,-2 Q-4,-24 2,-34 Q6,-20 4,-2 Q10,-16 20,-22 Q12,-10 14,0Z" fill="${hue.moss}" opacity=".7"/>`
