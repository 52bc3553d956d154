import { hue, shade, tint } from './palette.ts'
import { round } from './space.ts'

/** A leaf from its stem at x,y: two halves, the right one in shade. Angle 0 points up. */
export function leaf(x: number, y: number, long: number, angle: number, fill: string, fat = 0.3) {
  const w = round(long * fat)
  const a = round(long * 0.3)
  const b = round(long * 0.78)
  return `<g transform="translate(${round(x)} ${round(y)}) rotate(${round(angle)})"><path d="M0,0C${w},-${a} ${w},-${b} 0,-${long}C-${w},-${b} -${w},-${a} 0,0Z" fill="${fill}"/><path d="M0,0C${w},-${a} ${w},-${b} 0,-${long}Z" fill="${shade(fill, 0.2)}" opacity=".7"/></g>`
}

/** A tall house plant, about 150 cm with its pot. */
export function fig(pot: string = hue.cream, leafy: string = hue.leaf): string {
  const leaves: [number, number, number, number][] = [
    [-4, -62, 42, -78],
    [6, -66, 42, 74],
    [-4, -80, 44, -58],
    [6, -84, 46, 56],
    [-4, -96, 44, -38],
    [5, -100, 44, 40],
    [-2, -110, 42, -16],
    [3, -112, 44, 16],
    [0, -74, 36, -24],
    [2, -78, 36, 26],
    [0, -92, 38, 2],
  ]
  return `<path d="M0,-30 C-3,-60 4,-80 0,-112" stroke="${hue.bark}" stroke-width="4" fill="none"/>
    ${leaves.map(([x, y, long, angle], i) => leaf(x, y, long, angle, [leafy, tint(leafy, 0.18), shade(leafy, 0.2)][i % 3]!, 0.32)).join('')}
    ${potOf(pot, 22, 40)}`
}

/** A low pot of long arching leaves. */
export function fern(pot: string = hue.coral, leafy: string = hue.moss, size = 1): string {
  const fan = [-72, -54, -38, -22, -8, 6, 20, 36, 52, 70]
  return `<g transform="scale(${size})">${fan
    .map((angle, i) =>
      leaf(
        0,
        -24,
        46 + (i % 3) * 8 - Math.abs(angle) * 0.14,
        angle,
        [leafy, tint(leafy, 0.2), hue.leaf][i % 3]!,
        0.17,
      ),
    )
    .join('')}${potOf(pot, 15, 26)}</g>`
}

function potOf(pot: string, half: number, high: number): string {
  return `<path d="M${-half},${-high} L${half},${-high} L${half * 0.76},-3 Q${half * 0.74},0 ${half * 0.66},0 L${-half * 0.66},0 Q${-half * 0.74},0 ${-half * 0.76},-3Z" fill="${pot}"/>
    <path d="M${half * 0.2},${-high} L${half},${-high} L${half * 0.76},-3 Q${half * 0.74},0 ${half * 0.66},0 L${half * 0.12},0Z" fill="${shade(pot, 0.2)}" opacity=".55"/>
    <rect x="${-half - 2}" y="${-high - 3}" width="${half * 2 + 4}" height="7" rx="3" fill="${tint(pot, 0.15)}"/>`
}

/** A leafy tree of `high` cm: trunk and overlapping crowns, light from the upper left. */
export function tree(high: number, crown: string = hue.leaf, trunk: string = hue.bark): string {
  const r = high * 0.24
  const y = -high + r
  const blob = (dx: number, dy: number, size: number, fill: string) =>
    `<circle cx="${round(dx * r)}" cy="${round(y + dy * r)}" r="${round(size * r)}" fill="${fill}"/>`
  return `<path d="M${-high * 0.02},0 L${-high * 0.014},${-high * 0.6} L${high * 0.014},${-high * 0.6} L${high * 0.022},0Z" fill="${trunk}"/>
    ${blob(0.75, 0.75, 0.72, shade(crown, 0.26))}${blob(-0.7, 0.7, 0.72, shade(crown, 0.14))}
    ${blob(0.1, 0.1, 1, crown)}${blob(-0.3, -0.25, 0.6, tint(crown, 0.14))}${blob(0.7, 0.35, 0.45, shade(crown, 0.08))}${blob(-0.65, 0.5, 0.4, tint(crown, 0.08))}`
}

/** A clipped hedge or bush row along the x axis, in centimetres. */
export function bushes(from: number, to: number, high: number, fill: string): string {
  const count = Math.max(2, Math.round((to - from) / (high * 0.55)))
  return Array.from({ length: count }, (_, i) => {
    const x = from + ((to - from) * (i + 0.5)) / count
    const r = high * (0.5 + 0.14 * Math.sin(i * 2.4 + high))
    const colour = [fill, shade(fill, 0.14), tint(fill, 0.1)][i % 3]!
    return `<circle cx="${round(x)}" cy="${round(-r * 0.8)}" r="${round(r)}" fill="${colour}"/>`
  }).join('')
}
