import { hue, shade, tint } from './palette.ts'
import { round } from './space.ts'

/** Things around the house, in centimetres around their own foot. */

export function floorLamp(glow = 0.5): string {
  return `<ellipse cx="0" cy="-1" rx="16" ry="3.5" fill="${hue.night}"/><rect x="-1.2" y="-150" width="2.4" height="150" fill="${hue.night}"/>
    <circle cx="0" cy="-150" r="85" fill="url(#warm)" opacity="${glow}"/>
    <path d="M-15,-172 L15,-172 L24,-136 L-24,-136Z" fill="${hue.honey}"/><path d="M4,-172 L15,-172 L24,-136 L8,-136Z" fill="${hue.amber}" opacity=".6"/>`
}

export function pendant(drop: number, colour: string, glow = 0.5): string {
  return `<rect x="-9" y="-1" width="18" height="4" rx="2" fill="${hue.night}"/><rect x="-.8" y="0" width="1.6" height="${drop}" fill="${hue.night}"/><circle cx="0" cy="${drop + 18}" r="60" fill="url(#warm)" opacity="${glow}"/>
    <path d="M-4,${drop} h8 q14,4 17,20 h-42 q3,-16 17,-20Z" fill="${colour}"/><path d="M2,${drop} h2 q14,4 17,20 h-12Z" fill="${shade(colour)}"/><ellipse cx="0" cy="${drop + 20}" rx="8" ry="5" fill="${hue.cream}"/>`
}

/** A framed abstract picture, `w` × `h` cm, hanging from its middle. */
export function frame(w: number, h: number, art: string, rim: string = hue.walnut): string {
  return `<rect x="${-w / 2 + 2}" y="${-h / 2 + 3}" width="${w}" height="${h}" rx="1.5" fill="${hue.ink}" opacity=".14"/><rect x="${-w / 2}" y="${-h / 2}" width="${w}" height="${h}" rx="1.5" fill="${rim}"/>
    <svg x="${-w / 2 + 3}" y="${-h / 2 + 3}" width="${w - 6}" height="${h - 6}" viewBox="0 0 60 80" preserveAspectRatio="xMidYMid slice">${art}</svg>`
}

export const hills = `<rect width="60" height="80" fill="${hue.cream}"/><circle cx="38" cy="26" r="11" fill="${hue.coral}"/><path d="M0,52 Q16,36 34,50 T60,46 V80 H0Z" fill="${hue.lagoon}"/><path d="M0,66 Q20,50 40,62 T60,60 V80 H0Z" fill="${hue.pine}"/>`
export const arches = `<rect width="60" height="80" fill="${hue.haze}"/><path d="M10,80 V42 a20,20 0 0 1 40,0 V80Z" fill="${hue.iris}"/><path d="M19,80 V46 a11,11 0 0 1 22,0 V80Z" fill="${hue.honey}"/>`

export function bucket(colour: string): string {
  return `<path d="M-15,-30 C-15,-52 15,-52 15,-30" stroke="${hue.night}" stroke-width="1.6" fill="none"/><path d="M-17,-31 L17,-31 L13,-2 Q12.5,0 10,0 L-10,0 Q-12.5,0 -13,-2Z" fill="${colour}"/><path d="M5,-31 L17,-31 L13,-2 Q12.5,0 10,0 L4,0Z" fill="${shade(colour)}"/>
    <ellipse cx="0" cy="-31" rx="17" ry="4.6" fill="${tint(colour, 0.35)}"/><circle cx="-7" cy="-34" r="5" fill="#fff" opacity=".9"/><circle cx="1" cy="-35.5" r="6.5" fill="#fff" opacity=".95"/><circle cx="8.5" cy="-33.5" r="4.4" fill="#fff" opacity=".9"/>
    <path d="M-18,-31 q4,12 10,3 q3,14 9,1" fill="${hue.honey}"/>`
}

export function spray(colour: string): string {
  return `<path d="M-5,0 h10 q2,0 2,-2 V-13 q0,-5 -4,-6 V-23 h-6 V-19 q-4,1 -4,6 V-2 q0,2 2,2Z" fill="${colour}"/><path d="M2,0 h3 q2,0 2,-2 V-13 q0,-5 -4,-6 V-23 h-1Z" fill="${shade(colour)}"/><path d="M-4,-23 V-28 h-6 v-3 h12 q4,2 3,8Z" fill="${hue.night}"/><rect x="-7" y="-13" width="14" height="7" fill="#fff" opacity=".65"/>`
}

/** A four-pointed gleam for things just cleaned. */
export function gleam(x: number, y: number, r: number, opacity = 0.95): string {
  const k = round(r * 0.16)
  return `<path transform="translate(${x} ${y})" d="M0,${-r} Q${k},${-k} ${r},0 Q${k},${k} 0,${r} Q${-k},${k} ${-r},0 Q${-k},${-k} 0,${-r}Z" fill="#fff" opacity="${opacity}"/>`
}

/** Books standing side by side from x. */
export function books(x: number, colours: string[], high = 24): string {
  return colours
    .map((colour, i) => {
      const h = high - ((i * 7) % 5)
      return `<rect x="${x + i * 5}" y="${-h}" width="4.6" height="${h}" rx=".6" fill="${colour}"/><rect x="${x + i * 5}" y="${-h + 4}" width="4.6" height="2" fill="#fff" opacity=".4"/>`
    })
    .join('')
}

export function cushion(x: number, y: number, size: number, angle: number, colour: string): string {
  const s = size
  return `<g transform="translate(${x} ${y}) rotate(${angle})"><path d="M${-s / 2},${-s / 2} Q0,${-s * 0.43} ${s / 2},${-s / 2} Q${s * 0.43},0 ${s / 2},${s / 2} Q0,${s * 0.45} ${-s / 2},${s / 2} Q${-s * 0.43},0 ${-s / 2},${-s / 2}Z" fill="${colour}"/><path d="M${s / 2},${-s / 2} Q${s * 0.43},0 ${s / 2},${s / 2} Q0,${s * 0.45} ${-s / 2},${s / 2} Q${s * 0.3},${s * 0.25} ${s / 2},${-s / 2}Z" fill="${shade(colour)}" opacity=".6"/></g>`
}

/** A laptop seen from its back, open. */
export function laptop(colour: string = hue.lilac): string {
  return `<rect x="-17" y="-23" width="34" height="22" rx="2" fill="${colour}"/><path d="M6,-23 H15 q2,0 2,2 V-1 H-2Z" fill="#fff" opacity=".2"/><circle cx="0" cy="-12" r="1.8" fill="#fff" opacity=".8"/><rect x="-19" y="-1.5" width="38" height="2.5" rx="1.2" fill="${shade(colour, 0.3)}"/>`
}

export function mug(colour: string): string {
  return `<path d="M4,-8 q5,0 5,3.5 t-5,3" stroke="${colour}" stroke-width="1.8" fill="none"/><path d="M-4.5,-10 h9 v8 q0,2 -2,2 h-5 q-2,0 -2,-2Z" fill="${colour}"/><path d="M1,-10 h3.5 v8 q0,2 -2,2 h-1.5Z" fill="${shade(colour)}"/>`
}
