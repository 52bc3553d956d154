/** The one palette of the demo pictures: violet brand (as in src/tokens.scss), teal, warm accents. */
export const hue = {
  ink: '#1b1830',
  night: '#2b2358',
  indigo: '#3d2f86',
  brand: '#5b3fc4',
  iris: '#8a76de',
  lilac: '#c3b8ef',
  haze: '#e6e1f8',
  mist: '#f4f1fc',
  pine: '#11474f',
  teal: '#1d7f83',
  lagoon: '#55b0ab',
  mint: '#bfe3dc',
  foam: '#e3f3ef',
  leaf: '#3d8f72',
  moss: '#27705e',
  fern: '#6fb58d',
  amber: '#f3b04b',
  honey: '#f8cf8a',
  coral: '#ec8062',
  clay: '#c7643f',
  blush: '#f7c3ad',
  cream: '#fff7ea',
  sand: '#f1dfc6',
  oak: '#d7a878',
  walnut: '#9c6a4a',
  bark: '#6b4636',
  white: '#ffffff',
} as const

export const skins = ['#f7d3b6', '#efbf9b', '#dba37b', '#b97c58'] as const
export const hairs = ['#241d33', '#3a2730', '#59392d', '#17141f'] as const

/** Mixes two `#rrggbb` colours; `part` 0 gives the first, 1 the second. */
export function mix(from: string, to: string, part: number): string {
  const channel = (at: number) => {
    const a = Number.parseInt(from.slice(at, at + 2), 16)
    const b = Number.parseInt(to.slice(at, at + 2), 16)
    return Math.round(a + (b - a) * part)
      .toString(16)
      .padStart(2, '0')
  }
  return `#${channel(1)}${channel(3)}${channel(5)}`
}

/** The colour in shade: warm colours towards plum, cool ones towards ink, so none turns grey. */
export function shade(colour: string, part = 0.18): string {
  const warm =
    Number.parseInt(colour.slice(1, 3), 16) > Number.parseInt(colour.slice(5, 7), 16) + 12
  return mix(colour, warm ? '#7d3a3f' : hue.night, part)
}
export const tint = (colour: string, part = 0.25) => mix(colour, hue.white, part)
