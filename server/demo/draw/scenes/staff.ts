import type { Look } from '../figure.ts'
import { figure } from '../figure.ts'
import { gradient } from '../page.ts'
import { hairs, hue, skins } from '../palette.ts'
import { standing } from '../poses.ts'

/** Faces of the demo staff, 160 × 160, head and shoulders. */
export const staff = {
  'staff-1': () =>
    portrait(
      {
        skin: skins[0],
        hair: hairs[1],
        style: 'bun',
        top: hue.teal,
        bottom: hue.night,
        apron: hue.honey,
      },
      ['#d9d0f7', '#a996ea'],
      1,
    ),
  'staff-2': () =>
    portrait(
      {
        skin: skins[1],
        hair: hairs[0],
        style: 'short',
        top: hue.cream,
        bottom: hue.night,
        jacket: hue.brand,
      },
      ['#ffe9c4', '#f6c07d'],
      -1,
      glasses,
    ),
  'staff-3': () =>
    portrait(
      {
        skin: skins[0],
        hair: hairs[2],
        style: 'long',
        top: hue.cream,
        bottom: hue.night,
        jacket: hue.coral,
      },
      ['#d5efe9', '#8ccbc4'],
      1,
    ),
  'staff-4': () =>
    portrait(
      { skin: skins[2], hair: hairs[3], style: 'side', top: hue.honey, bottom: hue.night },
      ['#d3e0fa', '#8f9fe0'],
      -1,
    ),
}

const glasses = `<g transform="translate(3 -157)" fill="none" stroke="${hue.indigo}" stroke-width=".75"><circle cx="2.6" cy=".6" r="3.5"/><circle cx="9" cy=".6" r="3"/><path d="M5.9,.4 h.3 M-.7,0 L-6,-1" fill="none"/></g>`

function portrait(look: Look, backdrop: string[], turn: 1 | -1, worn = ''): string {
  const paint = gradient(backdrop, 'slant')
  return `${paint.def}<rect width="160" height="160" fill="${paint.url}"/><circle cx="80" cy="74" r="62" fill="#fff" opacity=".28"/>
    <g transform="translate(${80 - turn * 4} 454) scale(2.42)">${figure(
      {
        ...standing,
        wide: 1.45,
        nearArm: [
          [-24, 104],
          [-22, 70],
        ],
        farArm: [
          [24, 104],
          [22, 70],
        ],
      },
      look,
      turn,
      worn,
    )}</g>`
}
