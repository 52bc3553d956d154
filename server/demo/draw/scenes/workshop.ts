import type { Look, Pose } from '../figure.ts'
import { figure } from '../figure.ts'
import { fern, fig } from '../greenery.ts'
import { cityView } from '../outside.ts'
import { gradient, wash } from '../page.ts'
import { hue, mix, shade, tint } from '../palette.ts'
import { pointing, seated } from '../poses.ts'
import type { Camera } from '../space.ts'
import { camera, facing, lying, steps } from '../space.ts'
import { laptop, mug, pendant } from '../things.ts'
import { host, look } from './stage.ts'

/** A workshop round a table with a facilitator at the board. */
export function workshop(): string {
  const cam = camera({ horizon: 400, eye: 1.6, focal: 1050, centre: 640 })
  const wall = gradient([hue.foam, hue.mist, hue.cream], 'right')
  const floor = gradient([hue.sand, mix(hue.sand, hue.oak, 0.6)])
  const deep = 6.2
  return [
    wall.def,
    floor.def,
    wash(0, 0, 1280, 400, [mix(hue.haze, hue.lilac, 0.2), hue.mist]),
    cam.flat(facing([-4.5, 4.5], [0, 2.95], deep), wall.url),
    cam.flat(facing([-4.5, 4.5], [2.86, 2.95], deep), hue.white),
    cam.flat(lying([-6, 6], [1, deep]), floor.url),
    ...steps(-5, 5, 34).map((x) =>
      cam.flat(lying([x, x + 0.014], [1, deep]), shade(hue.oak, 0.1), 'opacity=".22"'),
    ),
    cam.flat(facing([-4.5, 4.5], [0, 0.1], deep), hue.white),
    pane(cam, deep),
    board(cam, deep),
    cam.flat(
      [
        [-3.2, 0, 6],
        [-1.4, 0, 6],
        [0.6, 0, 2.6],
        [-1.5, 0, 2.6],
      ],
      hue.white,
      'opacity=".4" filter="url(#soft8)"',
    ),
    cam.shadow(2.9, 5.6, 0.9, 0.3),
    cam.stand(2.9, 5.6, `<g transform="scale(1.05)">${fig(hue.brand)}</g>`),
    cam.shadow(1.98, 5.1, 0.8, 0.25),
    cam.stand(2, 5.1, figure(pointing, host, -1)),
    ...[-1, 0.3].map((x) => cam.stand(x, 4, pendant(52, hue.teal, 0.4), 2.95)),
    ...meeting(cam),
  ].join('')
}

function pane(cam: Camera, z: number): string {
  const [l, t] = cam.at([-3.4, 2.55, z])
  const [r, b] = cam.at([-1.35, 0.75, z])
  const w = r - l
  return `<rect x="${l - 40}" y="${t - 30}" width="${w + 80}" height="${b - t + 60}" fill="#fff" opacity=".8" filter="url(#soft24)"/>${cityView(l, t, w, b - t)}
    <rect x="${l}" y="${t}" width="${w}" height="${b - t}" fill="none" stroke="#fff" stroke-width="12"/><rect x="${l + w / 2 - 4}" y="${t}" width="8" height="${b - t}" fill="#fff"/><rect x="${l - 14}" y="${b}" width="${w + 28}" height="12" rx="3" fill="#fff"/>`
}

/** A white board with an abstract map of circles and a field of notes. */
function board(cam: Camera, z: number): string {
  const notes = [
    hue.honey,
    hue.blush,
    hue.mint,
    hue.lilac,
    hue.mint,
    hue.honey,
    hue.blush,
    hue.lilac,
    hue.honey,
  ]
    .map((colour, i) => {
      const x = -8 + (i % 3) * 24
      const y = -44 + Math.floor(i / 3) * 25
      return `<g transform="rotate(${((i * 7) % 5) - 2} ${x + 9} ${y + 9})"><rect x="${x}" y="${y}" width="19" height="19" rx="1" fill="${colour}"/><path d="M${x + 4},${y + 6} h11 M${x + 4},${y + 11} h7" stroke="${hue.ink}" opacity=".35" stroke-width="1.6" stroke-linecap="round"/></g>`
    })
    .join('')
  return cam.stand(
    0.6,
    z,
    `<rect x="-118" y="-58" width="236" height="126" rx="4" fill="${hue.ink}" opacity=".1" transform="translate(4 6)"/><rect x="-118" y="-62" width="236" height="126" rx="4" fill="${hue.lilac}"/><rect x="-114" y="-58" width="228" height="118" rx="2" fill="#fff"/>
    <g fill="none" stroke-width="2.6" stroke-linecap="round"><path d="M-78,-4 L-52,-26 M-78,-4 L-48,18 M-78,-4 L-98,28" stroke="${hue.lilac}"/></g><circle cx="-78" cy="-4" r="14" fill="${hue.brand}"/><circle cx="-48" cy="-30" r="10" fill="${hue.lagoon}"/><circle cx="-44" cy="21" r="10" fill="${hue.coral}"/><circle cx="-97" cy="31" r="9" fill="${hue.honey}"/>
    <g transform="translate(-14 -6)">${notes}</g><rect x="-40" y="60" width="80" height="5" rx="2" fill="${hue.iris}"/>
    <path d="M72,-40 h28 M72,-30 h20 M72,-20 h26" stroke="${hue.haze}" stroke-width="3.4" stroke-linecap="round"/><path d="M70,34 l10,-12 l9,6 l14,-20" stroke="${hue.coral}" stroke-width="3" fill="none" stroke-linecap="round" stroke-linejoin="round"/>`,
    1.62,
  )
}

/** Four people round an oval table: two behind it, one at each end. */
function meeting(cam: Camera): string[] {
  const [cx, cy] = cam.at([-0.35, 0.74, 3.95])
  const rx = 345
  const at: Pose = { ...seated, nearLeg: undefined, farLeg: undefined }
  const stool = `<path d="M-22,0 L-18,-44 M14,0 L10,-44" stroke="${hue.walnut}" stroke-width="4" stroke-linecap="round"/><rect x="-28" y="-47" width="46" height="7" rx="3.5" fill="${hue.lagoon}"/><path d="M-28,-44 Q-36,-70 -31,-92" stroke="${hue.lagoon}" stroke-width="6" fill="none" stroke-linecap="round"/>`
  const end = (x: number, turn: 1 | -1, who: Look) =>
    cam.shadow(x, 3.95, 1, 0.3) +
    cam.stand(x, 3.95, `<g transform="scale(${turn} 1)">${stool}</g>${figure(seated, who, turn)}`)
  return [
    cam.stand(-1.05, 4.7, figure(at, look(0, 1, 'long', hue.honey), 1)),
    cam.stand(0.28, 4.7, figure(at, look(1, 3, 'short', hue.iris), -1)),
    `<ellipse cx="${cx}" cy="${cam.at([0, 0, 3.95])[1]}" rx="300" ry="40" fill="${hue.ink}" opacity=".22" filter="url(#soft8)"/>`,
    `<path d="M${cx - 18},${cy + 30} L${cx - 26},${cy + 190} q26,16 52,0 L${cx + 18},${cy + 30}Z" fill="${hue.night}"/><ellipse cx="${cx}" cy="${cy + 192}" rx="120" ry="20" fill="${hue.night}"/>`,
    end(-1.72, 1, look(1, 0, 'side', hue.teal, { bottom: hue.indigo })),
    `<ellipse cx="${cx}" cy="${cy + 12}" rx="${rx}" ry="62" fill="${hue.walnut}"/><ellipse cx="${cx}" cy="${cy}" rx="${rx}" ry="62" fill="${tint(hue.oak, 0.18)}"/><ellipse cx="${cx - 60}" cy="${cy - 14}" rx="200" ry="30" fill="#fff" opacity=".16"/>`,
    cam.stand(-0.68, 4.05, laptop(hue.lilac), 0.74),
    cam.stand(0.1, 4.05, laptop(hue.mint), 0.74),
    cam.stand(-0.3, 3.85, fern(hue.coral, hue.leaf, 0.34), 0.74),
    cam.stand(-0.98, 3.8, mug(hue.coral), 0.74),
    cam.stand(0.42, 3.8, mug(hue.brand), 0.74),
    sheet(cx - 180, cy + 30, -6),
    sheet(cx + 120, cy + 34, 5),
    end(1.02, -1, look(0, 2, 'bun', hue.coral, { bottom: hue.pine })),
  ]
}

const sheet = (x: number, y: number, turn: number) =>
  `<g transform="translate(${x} ${y}) skewX(${turn * 4})"><path d="M-34,-10 h60 l8,20 h-72Z" fill="#fff"/><path d="M-22,-4 h40 M-24,2 h30" stroke="${hue.lilac}" stroke-width="2.6" stroke-linecap="round"/></g>`
