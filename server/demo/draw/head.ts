import { mix, shade, tint } from './palette.ts'

export type Hair = 'short' | 'side' | 'bun' | 'bob' | 'pony' | 'long'

/** A head of 24 × 28 cm around its centre, looking right (or away, with `back`). */
export function head(look: { skin: string; hair: string; style: Hair; back?: boolean }): string {
  if (look.back) return nape(look)
  const lock = locks[look.style]
  return `<ellipse cx="0.5" cy="0" rx="11.4" ry="13.2" fill="${look.skin}"/>
    <ellipse cx="6.4" cy="5" rx="3.2" ry="2.2" fill="#ec8062" opacity=".28"/>
    <circle cx="3" cy="0.4" r="1.15" fill="#1b1830"/><circle cx="8.8" cy="0.4" r="1.15" fill="#1b1830"/>
    <path d="M1.4,-3.4 q1.6,-1.3 3.2,-.4 M7.7,-3.9 q1.4,-.7 2.6,.3" stroke="${shade(look.hair, 0.1)}" stroke-width="1" fill="none" stroke-linecap="round"/>
    <path d="M6.3,1 q1.7,2.4 -.3,3" stroke="${shade(look.skin, 0.35)}" stroke-width=".9" fill="none" stroke-linecap="round"/>
    <path d="M3,7 q3,2.9 5.6,-.2" stroke="${shade(look.skin, 0.62)}" stroke-width="1.2" fill="none" stroke-linecap="round"/>
    <ellipse cx="-6" cy="2" rx="2.5" ry="3.3" fill="${shade(look.skin, 0.1)}"/>
    <path d="${lock}" fill="${look.hair}"/>
    <path d="M-6,-11 Q0,-14.5 7,-11.5" stroke="${tint(look.hair, 0.22)}" stroke-width="1.3" fill="none" stroke-linecap="round"/>`
}

const crown =
  'M-12.4,3 C-15,-9 -8,-17 1.5,-16.6 C10,-16.4 13.6,-10 12,-4.5 C9.5,-7 7,-8.3 3,-8.4 C-1,-8.4 -3.5,-6 -5,-1.5 L-7.5,-1 C-8.5,2 -8.5,5 -9.5,8.5 C-11,7.5 -12,5.5 -12.4,3Z'

const locks: Record<Hair, string> = {
  short: crown,
  side: 'M-12,4 C-15,-9 -9,-17.5 2,-17 C9,-18.5 15,-13 12.6,-4 C11.5,-7 10,-8.5 7.5,-9.3 C3.5,-7.4 -1,-7.6 -4.5,-8 C-5,-5 -6,-2 -7.2,-.5 L-8.5,6 C-10.5,7 -11.5,6 -12,4Z',
  bun: crown,
  pony: crown,
  bob: 'M-12,13 C-16,2 -14,-17 1.5,-16.8 C11,-16.6 14,-9 12,-3 C10,-6 6,-8.5 2,-8.6 C-1,-6 -2.5,-3 -3,2 C-3.5,7 -4,11 -5,14.5 C-8,16.5 -11,15.5 -12,13Z',
  long: 'M-12,14 C-16,2 -14,-17 1.5,-16.8 C11,-16.6 14,-9 12,-3 C10,-6 6,-8.5 2,-8.6 C-1,-6 -4,-3 -4.5,2 C-5,9 -6,15 -8,23 C-10,27 -15,27 -14.5,22Z',
}

/** Hair that hangs behind neck and shoulders: drawn before the body. */
export function backHair({
  hair,
  style,
  back,
}: {
  hair: string
  style: Hair
  back?: boolean
}): string {
  if (back) return ''
  const dark = shade(hair, 0.15)
  if (style === 'bun') return `<circle cx="-9.5" cy="-14" r="6.4" fill="${dark}"/>`
  if (style === 'pony') {
    return `<path d="M-9,-9 C-22,-12 -23,6 -18,18 C-15,12 -13,6 -9,2Z" fill="${dark}"/>`
  }
  if (style === 'long') {
    return `<path d="M-8,-8 C-18,4 -18,24 -14,31 C-8,33 0,31 4,26 L5,-4Z" fill="${dark}"/>`
  }
  return ''
}

/** The head seen from behind: hair, ears, a strip of neck. */
function nape({ skin, hair, style }: { skin: string; hair: string; style: Hair }): string {
  const ears = `<ellipse cx="-11.6" cy="2" rx="2.3" ry="3.2" fill="${skin}"/><ellipse cx="11.6" cy="2" rx="2.3" ry="3.2" fill="${skin}"/>`
  const round = `<path d="M-11.5,1 C-13,-11 -7,-16 0,-16 C7,-16 13,-11 11.5,1 C11,8 7,12 0,12 C-7,12 -11,8 -11.5,1Z" fill="${hair}"/>`
  const shine = `<path d="M-6.5,-10 Q0,-14 6.5,-10" stroke="${tint(hair, 0.2)}" stroke-width="1.4" fill="none" stroke-linecap="round"/>`
  if (style === 'bun')
    return `${ears}${round}<circle cx="0" cy="-15" r="6.5" fill="${tint(hair, 0.08)}"/>${shine}`
  if (style === 'pony') {
    return `${ears}${round}<path d="M-3.5,-6 C-9,4 -8,18 0,26 C8,18 9,4 3.5,-6Z" fill="${mix(hair, '#7a5468', 0.28)}"/><rect x="-4.5" y="-8.5" width="9" height="4" rx="2" fill="#ec8062"/>${shine}`
  }
  if (style === 'bob' || style === 'long') {
    const low = style === 'bob' ? 15 : 26
    return `<path d="M-12,${low - 2} C-16,-4 -12,-16.5 0,-16.5 C12,-16.5 16,-4 12,${low - 2} Q0,${low + 4} -12,${low - 2}Z" fill="${hair}"/>${shine}`
  }
  return `<rect x="-5.5" y="4" width="11" height="14" fill="${shade(skin, 0.1)}"/>${ears}${round}${shine}`
}
