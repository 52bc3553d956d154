import { figure } from '../figure.ts'
import { fig } from '../greenery.ts'
import { cone } from '../lights.ts'
import { gradient, wash } from '../page.ts'
import { hue } from '../palette.ts'
import { pointing } from '../poses.ts'
import type { Camera } from '../space.ts'
import { along, camera, facing, lying, steps } from '../space.ts'
import { rows } from './listeners.ts'
import { host, paper, podiumShape, screen } from './stage.ts'

/** The lecture hall, seen from the last row. */
export function hall(): string {
  const cam = camera({ horizon: 400, eye: 2.1, focal: 1050, centre: 640 })
  const deep = 10
  const carpet = gradient(['#4a3b8c', '#2b2258'])
  return [
    carpet.def,
    wash(0, 0, 1280, 960, ['#1f1945', '#332868']),
    cam.flat(along(-5.4, [0, 5], [1, deep]), '#3a2e78'),
    cam.flat(along(5.4, [0, 5], [1, deep]), '#352a70'),
    cam.flat(facing([-5.4, 5.4], [0, 5], deep), '#46388a'),
    ...slats(cam, deep),
    cam.flat(lying([-5.4, 5.4], [1, deep]), carpet.url),
    cam.box({ x: [-4.6, 4.6], y: [0, 0.45], z: [8, deep] }, hue.walnut, 0, { top: hue.oak }),
    cam.flat(facing([-4.6, 4.6], [0.36, 0.45], 7.99), hue.oak),
    screen(cam, [-3.1, 1.7], [1.45, 4.1], 9.9, chart),
    cone(820, 30, 1000, 480, 120, 'beamA'),
    cone(470, 30, 400, 480, 230, 'beamB'),
    ...[300, 470, 640, 820, 1000].map((x) => lampAt(x, 24)),
    cam.shadow(2.95, 9, 1, 0.3),
    podium(cam, 3.5, 8.9),
    cam.stand(2.5, 9, figure(pointing, host, -1), 0.45),
    cam.stand(-4.1, 9.2, fig(hue.teal), 0.45),
    cam.stand(4.3, 9.2, `<g transform="scale(.9)">${fig(hue.honey)}</g>`, 0.45),
    ...rows(cam),
  ].join('')
}

function slats(cam: Camera, deep: number): string[] {
  const wall = [-5.4, 5.4].flatMap((x) =>
    steps(3, deep - 0.4, 16).map((z) =>
      cam.flat(along(x, [0.9, 4.4], [z, z + 0.16]), hue.oak, 'opacity=".22"'),
    ),
  )
  const lamps = [-5.4, 5.4].flatMap((x) =>
    [5, 7, 9].map((z) => {
      const [px, py] = cam.at([x * 0.99, 2.8, z])
      return `<ellipse cx="${px}" cy="${py}" rx="${900 / z}" ry="${1300 / z}" fill="url(#warm)" opacity=".5"/><rect x="${px - 4}" y="${py - 120 / z}" width="8" height="${240 / z}" rx="4" fill="${hue.cream}"/>`
    }),
  )
  return [...wall, ...lamps]
}

const lampAt = (x: number, y: number) =>
  `<path d="M${x},0 V${y - 12}" stroke="#15102f" stroke-width="4"/><path d="M${x - 9},${y - 14} h18 l5,22 h-28Z" fill="#15102f"/><ellipse cx="${x}" cy="${y + 8}" rx="13" ry="4" fill="${hue.cream}"/><circle cx="${x}" cy="${y + 10}" r="44" fill="url(#warm)" opacity=".8"/>`

const chart = `${paper}${[24, 33, 29, 42, 50].map((h, i) => `<rect x="${14 + i * 15}" y="${80 - h}" width="9" height="${h}" rx="1.8" fill="${[hue.lilac, hue.iris, hue.lilac, hue.iris, hue.brand][i]}"/>`).join('')}
  <path d="M10,80.5 H92" stroke="${hue.haze}" stroke-width="1.2"/><path d="M18,50 C30,44 34,42 48,45 S70,30 78,24" fill="none" stroke="${hue.coral}" stroke-width="2" stroke-linecap="round"/><circle cx="78" cy="24" r="3" fill="${hue.coral}"/>
  <circle cx="124" cy="40" r="19" fill="none" stroke="${hue.haze}" stroke-width="9"/><path d="M124,21 A19,19 0 1 1 107,48.5" fill="none" stroke="${hue.teal}" stroke-width="9"/><path d="M107,48.5 A19,19 0 0 1 108,29.7" fill="none" stroke="${hue.honey}" stroke-width="9"/>
  <rect x="104" y="68" width="40" height="3" rx="1.5" fill="${hue.lilac}"/><rect x="104" y="75" width="28" height="3" rx="1.5" fill="${hue.haze}"/>`

function podium(cam: Camera, x: number, z: number): string {
  return cam.stand(x, z, podiumShape(), 0.45)
}
