import type { Look } from '../figure.ts'
import { hairs, hue, shade, skins } from '../palette.ts'
import type { Camera } from '../space.ts'

/** Clothes and face by index into the palette. */
export const look = (
  skin: number,
  hair: number,
  style: Look['style'],
  top: string,
  more: Partial<Look> = {},
): Look => ({
  skin: skins[skin]!,
  hair: hairs[hair]!,
  style,
  top,
  bottom: hue.night,
  shoes: hue.ink,
  sleeve: 'long',
  ...more,
})

/** Who speaks in the hall and leads the workshop. */
export const host = look(0, 2, 'bob', hue.cream, { jacket: hue.coral, bottom: hue.night })

/** Who speaks up close. */
export const guest = look(1, 0, 'side', hue.cream, { jacket: hue.brand, bottom: hue.night })

/** A lit screen; `art` draws in a box of 160 × 90. */
export function screen(
  cam: Camera,
  x: [number, number],
  y: [number, number],
  z: number,
  art: string,
): string {
  const [l, t] = cam.at([x[0], y[1], z])
  const [r, b] = cam.at([x[1], y[0], z])
  return `<rect x="${l - 30}" y="${t - 30}" width="${r - l + 60}" height="${b - t + 60}" fill="#cfc6ff" opacity=".5" filter="url(#soft24)"/><rect x="${l - 7}" y="${t - 7}" width="${r - l + 14}" height="${b - t + 14}" rx="5" fill="#15102f"/>
    <svg x="${l}" y="${t}" width="${r - l}" height="${b - t}" viewBox="0 0 160 90" preserveAspectRatio="none">${art}</svg>`
}

/** An empty slide with its heading lines. */
export const paper = `<rect width="160" height="90" fill="#fbfaff"/><rect x="10" y="9" width="52" height="5" rx="2.5" fill="${hue.indigo}"/><rect x="10" y="18" width="34" height="3" rx="1.5" fill="${hue.lilac}"/>`

/** A podium with microphone, in centimetres. */
export const podiumShape = () =>
  `<path d="M-30,-104 L30,-104 L24,0 H-24Z" fill="${hue.oak}"/><path d="M8,-104 L30,-104 L24,0 H6Z" fill="${shade(hue.oak, 0.2)}" opacity=".6"/><path d="M-37,-112 h74 l-4,10 h-66Z" fill="${hue.walnut}"/><circle cx="0" cy="-62" r="11" fill="${hue.brand}"/><path d="M-5,-62 l4,4 l7,-8" stroke="#fff" stroke-width="2.6" fill="none" stroke-linecap="round" stroke-linejoin="round"/>
  <path d="M-8,-112 q-4,-16 -12,-22" stroke="${hue.ink}" stroke-width="1.8" fill="none"/><ellipse cx="-21" cy="-136" rx="3.4" ry="5" transform="rotate(-35 -21 -136)" fill="${hue.ink}"/>`
