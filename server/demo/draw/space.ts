import { shade, tint } from './palette.ts'

/** A point of the scene in metres: right of the eye, above the floor, away from the eye. */
export type Point = readonly [x: number, y: number, z: number]

export type Box = { x: [number, number]; y: [number, number]; z: [number, number] }

/** A pinhole camera looking straight ahead, so every picture has one true vanishing point. */
export type Camera = {
  /** Screen position of a point. */
  at: (point: Point) => [number, number]
  /** A flat shape given by its corners in the scene. */
  flat: (points: Point[], fill: string, more?: string) => string
  /** A box with its visible faces: the front in `fill`, top lighter, sides darker. */
  box: (box: Box, fill: string, round?: number, tones?: { top?: string; side?: string }) => string
  /** Upright things drawn in centimetres around their own foot (y grows downwards, as in SVG). */
  stand: (x: number, z: number, drawing: string, y?: number) => string
  /** A soft shadow on the floor, `wide` and `deep` metres across. */
  shadow: (x: number, z: number, wide: number, deep: number, strength?: number) => string
}

/** @param horizon screen height of the eye, px; `eye` metres above the floor; `focal` px. */
export function camera(lens: { horizon: number; eye: number; focal: number; centre?: number }) {
  const centre = lens.centre ?? 640
  const at = ([x, y, z]: Point): [number, number] => [
    round(centre + (lens.focal * x) / z),
    round(lens.horizon - (lens.focal * (y - lens.eye)) / z),
  ]
  const flat: Camera['flat'] = (points, fill, more = '') =>
    `<path d="M${points.map((point) => at(point).join(',')).join('L')}Z" fill="${fill}" ${more}/>`
  const box: Camera['box'] = ({ x, y, z }, fill, soft = 0, tones = {}) => {
    const more = (colour: string) =>
      soft ? `stroke="${colour}" stroke-width="${soft}" stroke-linejoin="round"` : ''
    const face = (points: Point[], colour: string) => flat(points, colour, more(colour))
    const side = (edge: number) =>
      face(
        [
          [edge, y[0], z[0]],
          [edge, y[1], z[0]],
          [edge, y[1], z[1]],
          [edge, y[0], z[1]],
        ],
        tones.side ?? shade(fill, 0.22),
      )
    const lid = (edge: number, colour: string) =>
      face(
        [
          [x[0], edge, z[0]],
          [x[1], edge, z[0]],
          [x[1], edge, z[1]],
          [x[0], edge, z[1]],
        ],
        colour,
      )
    return [
      x[0] > 0 ? side(x[0]) : x[1] < 0 ? side(x[1]) : '',
      y[1] < lens.eye ? lid(y[1], tones.top ?? tint(fill)) : '',
      y[0] > lens.eye ? lid(y[0], shade(fill, 0.3)) : '',
      face(
        [
          [x[0], y[0], z[0]],
          [x[1], y[0], z[0]],
          [x[1], y[1], z[0]],
          [x[0], y[1], z[0]],
        ],
        fill,
      ),
    ].join('')
  }
  const stand: Camera['stand'] = (x, z, drawing, y = 0) => {
    const [left, top] = at([x, y, z])
    return `<g transform="translate(${left} ${top}) scale(${round(lens.focal / z / 100, 4)})">${drawing}</g>`
  }
  const shadow: Camera['shadow'] = (x, z, wide, deep, strength = 0.28) => {
    const [left, top] = at([x, 0, z])
    const far = at([x, 0, z + deep / 2])[1]
    const near = at([x, 0, z - deep / 2])[1]
    return `<ellipse cx="${left}" cy="${top}" rx="${round((lens.focal * wide) / z / 2)}" ry="${round((near - far) / 2)}" fill="#1b1830" opacity="${strength}" filter="url(#soft8)"/>`
  }
  return { at, flat, box, stand, shadow } satisfies Camera
}

/** A rectangle lying at height `y`, for floors, rugs and light. */
export function lying(x: [number, number], z: [number, number], y = 0): Point[] {
  return [
    [x[0], y, z[0]],
    [x[1], y, z[0]],
    [x[1], y, z[1]],
    [x[0], y, z[1]],
  ]
}

/** A rectangle facing the eye at depth `z`. */
export function facing(x: [number, number], y: [number, number], z: number): Point[] {
  return [
    [x[0], y[0], z],
    [x[1], y[0], z],
    [x[1], y[1], z],
    [x[0], y[1], z],
  ]
}

/** A rectangle on a side wall at `x`. */
export function along(x: number, y: [number, number], z: [number, number]): Point[] {
  return [
    [x, y[0], z[0]],
    [x, y[1], z[0]],
    [x, y[1], z[1]],
    [x, y[0], z[1]],
  ]
}

export function round(value: number, digits = 1): number {
  return Number(value.toFixed(digits))
}

/** `count` numbers from `from` to `to`, both included. */
export function steps(from: number, to: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => from + ((to - from) * i) / Math.max(1, count - 1))
}
