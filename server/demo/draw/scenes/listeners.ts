import type { Look } from '../figure.ts'
import { limb } from '../figure.ts'
import { head } from '../head.ts'
import { hairs, hue, mix, shade, skins, tint } from '../palette.ts'
import type { Camera } from '../space.ts'
import { steps } from '../space.ts'

const tops = [hue.teal, hue.lilac, hue.coral, hue.pine, hue.honey, hue.iris, hue.cream, hue.lagoon]

const styles: Look['style'][] = ['short', 'bob', 'side', 'pony', 'short', 'long', 'bun', 'short']

/** Rows of listeners from the stage to the eye, each in its chair, the last row darkest. */
export function rows(cam: Camera): string[] {
  return [6.6, 5.3, 4.15, 3.1].map((z, row) => {
    const gap = 0.86
    const count = [13, 11, 9, 6][row]!
    const from = -((count - 1) * gap) / 2 + (row % 2 ? 0.2 : -0.1)
    const seats = steps(from, from + (count - 1) * gap, count).map((x, i) => {
      const k = (row * 5 + i * 3) % 8
      const aisle = row === 1 && i === 8
      return cam.stand(
        x,
        z,
        aisle ? chair(row) : listener(k, row, row === 2 && i === 2) + chair(row),
      )
    })
    return `<g>${seats.join('')}</g>`
  })
}

/** A listener from behind, seated; `row` darkens towards the eye. */
export function listener(k: number, row: number, asks: boolean): string {
  const dim = 0.12 + row * 0.1
  const top = shade(tops[k]!, dim)
  const skin = shade(skins[k % 3]!, dim * 0.7)
  const hand = asks
    ? `${limb(
        [
          [19, 98],
          [27, 118],
          [23, 152],
        ],
        [7, 6, 4.6],
        top,
        0.86,
      )}<circle cx="23" cy="-154" r="5.2" fill="${skin}"/>`
    : ''
  const body = `<path d="M-23,-50 V-88 Q-23,-103 -8,-104 H8 Q23,-103 23,-88 V-50Z" fill="${top}"/>`
  return `${hand}${body}<rect x="-5.5" y="-114" width="11" height="14" rx="4" fill="${skin}"/><g transform="translate(0 -125)">${head({ skin, hair: shade(hairs[k % 4]!, 0.1), style: styles[k]!, back: true })}</g>`
}

/** The back of a chair. */
export function chair(row: number): string {
  const c = mix('#6a54c8', '#2a2058', row * 0.2)
  return `<path d="M-29,-46 V-76 Q-29,-88 -17,-88 H17 Q29,-88 29,-76 V0 H-29Z" fill="${c}"/><path d="M-29,-76 Q-29,-88 -17,-88 H17 Q29,-88 29,-76 v3 Q29,-84 17,-84 H-17 Q-29,-84 -29,-73Z" fill="${tint(c, 0.28)}"/><path d="M29,-76 V0 H19 V-84 Q29,-83 29,-76Z" fill="${hue.ink}" opacity=".18"/>`
}
