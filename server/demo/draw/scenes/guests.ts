import type { Look, Pose } from '../figure.ts'
import { figure } from '../figure.ts'
import { hairs, hue, skins } from '../palette.ts'
import { toasting } from '../poses.ts'
import type { Camera } from '../space.ts'

/** Clothes and face by index into the palette. */
export const look = (
  skin: number,
  hair: number,
  style: Look['style'],
  top: string,
  bottom: string = hue.night,
  more: Partial<Look> = {},
): Look => ({
  skin: skins[skin]!,
  hair: hairs[hair]!,
  style,
  top,
  bottom,
  shoes: hue.white,
  sleeve: 'long',
  ...more,
})

/** Stands people on the floor with their shadows; the furthest comes first in the list. */
export function crowd(cam: Camera, people: [number, number, Pose, Look, 1 | -1][]): string[] {
  return people.map(
    ([x, z, pose, who, turn]) =>
      cam.shadow(x, z, 0.85, 0.3, 0.32) +
      cam.stand(x, z, figure(pose, who, turn, pose === toasting ? glass : '')),
  )
}

const glass = `<g transform="translate(20 -113)"><path d="M-3.5,-13 h7 l-1,7 q-2.5,3 -5,0Z" fill="${hue.amber}"/><path d="M0,-5 v7 M-3,2.5 h6" stroke="#fff" stroke-width="1.4"/></g>`

/** Three lit candles, in centimetres. */
export const candles = [-8, 1, 10]
  .map(
    (x, i) =>
      `<circle cx="${x}" cy="-17" r="16" fill="url(#warm)" opacity=".7"/><rect x="${x - 2}" y="${-12 - i * 2}" width="4" height="${12 + i * 2}" fill="${hue.cream}"/><path d="M${x},${-13 - i * 2} q-2.6,-3 0,-7 q2.6,4 0,7Z" fill="${hue.amber}"/>`,
  )
  .join('')
