import { gradient } from './page.ts'
import { hue, mix } from './palette.ts'
import { round } from './space.ts'

/** A hazy city morning behind a window, filling x,y,w,h of whatever unit is in force. */
export function cityView(x: number, y: number, w: number, h: number, near = 0.13): string {
  const sky = gradient(['#cfe9ee', '#eaf4f1', '#fff3dd'])
  const towers = [0.02, 0.11, 0.2, 0.3, 0.4, 0.5, 0.58, 0.68, 0.78, 0.88, 0.95]
  const row = (tall: number, colour: string, shift: number) =>
    towers
      .map((at, i) => {
        const high = h * tall * (0.6 + 0.4 * Math.abs(Math.sin(i * 2.1 + shift)))
        return `<rect x="${round(x + w * at - shift)}" y="${round(y + h - high)}" width="${round(w * 0.075)}" height="${round(high)}" fill="${colour}"/>`
      })
      .join('')
  const trees = Array.from({ length: 9 }, (_, i) => {
    const r = h * near * (1 + 0.3 * Math.sin(i * 3))
    return `<circle cx="${round(x + (w * (i + 0.3)) / 8.6)}" cy="${round(y + h - r * 0.3)}" r="${round(r)}" fill="${i % 2 ? hue.fern : mix(hue.fern, hue.lagoon, 0.45)}"/>`
  }).join('')
  return `<svg x="${x}" y="${y}" width="${w}" height="${h}" viewBox="${x} ${y} ${w} ${h}">${sky.def}<rect x="${x}" y="${y}" width="${w}" height="${h}" fill="${sky.url}"/>
    <circle cx="${x + w * 0.7}" cy="${y + h * 0.25}" r="${h * 0.5}" fill="url(#pale)"/>
    ${row(0.62, '#d3e3ea', w * 0.03)}${row(0.42, '#bcd6dd', 0)}${trees}</svg>`
}
