import { hue } from './palette.ts'

/** One drawing as a page that fills the viewport, with the filters and glows all drawings share. */
export function page(drawing: string, width: number, height: number): string {
  return `<!doctype html><style>html,body{margin:0;background:#fff}svg{display:block;width:100vw;height:100vh}</style>
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}">${defs}${drawing}</svg>`
}

const blur = (id: string, deviation: number) =>
  `<filter id="${id}" x="-60%" y="-60%" width="220%" height="220%"><feGaussianBlur stdDeviation="${deviation}"/></filter>`

const glow = (id: string, colour: string, strength: number) =>
  `<radialGradient id="${id}"><stop offset="0" stop-color="${colour}" stop-opacity="${strength}"/><stop offset=".45" stop-color="${colour}" stop-opacity="${strength * 0.35}"/><stop offset="1" stop-color="${colour}" stop-opacity="0"/></radialGradient>`

const defs = `<defs>${blur('soft2', 2)}${blur('soft8', 8)}${blur('soft24', 24)}${blur('soft60', 60)}
  ${glow('warm', hue.honey, 0.95)}${glow('pale', hue.white, 0.8)}</defs>`

let made = 0

/** A linear gradient, top to bottom unless told; gives its definition and its `url(#…)`. */
export function gradient(stops: string[], way: 'down' | 'right' | 'slant' = 'down') {
  made += 1
  const id = `g${made}`
  const end = { down: 'x2="0" y2="1"', right: 'x2="1" y2="0"', slant: 'x2="1" y2="1"' }[way]
  const marks = stops
    .map((stop, i) => {
      const [colour, opacity = '1'] = stop.split('/')
      return `<stop offset="${i / (stops.length - 1)}" stop-color="${colour}" stop-opacity="${opacity}"/>`
    })
    .join('')
  return { def: `<linearGradient id="${id}" ${end}>${marks}</linearGradient>`, url: `url(#${id})` }
}

/** A rectangle of the canvas filled with a gradient. */
export function wash(
  x: number,
  y: number,
  w: number,
  h: number,
  stops: string[],
  more = '',
): string {
  const { def, url } = gradient(stops)
  return `${def}<rect x="${x}" y="${y}" width="${w}" height="${h}" fill="${url}" ${more}/>`
}
