import type { Hair } from './head.ts'
import { backHair, head } from './head.ts'
import { hue, shade, tint } from './palette.ts'
import { round } from './space.ts'

/** Centimetres: x forwards (the way the person looks), y up from the floor. */
export type Joint = readonly [x: number, y: number]

export type Look = {
  skin: string
  hair: string
  style: Hair
  top: string
  /** Skirt or trousers. */
  bottom: string
  shoes?: string
  apron?: string
  sleeve?: 'short' | 'long'
  /** A jacket: its colour; `top` then shows as the shirt. */
  jacket?: string
  back?: boolean
}

export type Pose = {
  hip: Joint
  chest: Joint
  head: Joint
  tilt?: number
  nearArm: [elbow: Joint, hand: Joint]
  farArm: [elbow: Joint, hand: Joint]
  nearLeg?: [knee: Joint, ankle: Joint]
  farLeg?: [knee: Joint, ankle: Joint]
  wide?: number
}

/** A person around their own foot, looking right; `turn` −1 looks left. */
export function figure(pose: Pose, look: Look, turn: 1 | -1 = 1, held = ''): string {
  const wide = pose.wide ?? 1
  const shoulder = (side: number): Joint => [pose.chest[0] + side * 11 * wide, pose.chest[1] - 3]
  const hip = (side: number): Joint => [pose.hip[0] + side * 6 * wide, pose.hip[1]]
  const cloth = look.jacket ?? look.top
  const skull = `translate(${pose.head[0]} ${-pose.head[1] + 3}) rotate(${pose.tilt ?? 0})`
  return `<g transform="scale(${turn} 1)">${[
    `<g transform="${skull}">${backHair(look)}</g>`,
    arm(shoulder(0.9), pose.farArm, look, shade(cloth, 0.25), shade(look.skin, 0.1)),
    pose.farLeg ? leg(hip(0.7), pose.farLeg, shade(look.bottom, 0.25), look) : '',
    pose.nearLeg ? leg(hip(-0.7), pose.nearLeg, look.bottom, look) : '',
    torso(pose, look, wide),
    limb([pose.chest, [pose.head[0] - 1, pose.head[1] - 6]], [5.6, 4.8], shade(look.skin, 0.12)),
    collar(pose, look),
    `<g transform="${skull}">${head(look)}</g>`,
    held,
    arm(shoulder(-0.9), pose.nearArm, look, tint(cloth, 0.07), look.skin),
  ].join('')}</g>`
}

function torso(pose: Pose, look: Look, wide: number): string {
  const { hip, chest } = pose
  const body = (top: number, low: number, colour: string, drop = 0) =>
    `<path d="M${chest[0] - top},${-chest[1] + 5} Q${chest[0]},${-chest[1] - 1} ${chest[0] + top},${-chest[1] + 5} L${hip[0] + low},${-hip[1] + drop} L${hip[0] - low},${-hip[1] + drop}Z" fill="${colour}" stroke="${colour}" stroke-width="12" stroke-linejoin="round"/>`
  const seat = limb(
    [
      [hip[0] - 5 * wide, hip[1] - 2],
      [hip[0] + 5 * wide, hip[1] - 2],
    ],
    [10.5, 10.5],
    look.bottom,
  )
  const shirt = body(11 * wide, 8.5 * wide, look.jacket ?? look.top, -4)
  const apron = look.apron
    ? `<path d="M${chest[0] - 3},${-chest[1] + 14} L${chest[0] + 14 * wide},${-chest[1] + 14} L${hip[0] + 14 * wide},${-hip[1] + 24} L${hip[0] - 7 * wide},${-hip[1] + 24}Z" fill="${look.apron}" stroke="${look.apron}" stroke-width="5" stroke-linejoin="round"/>
       <path d="M${chest[0] - 3},${-chest[1] + 14} L${chest[0] - 3},${-chest[1] - 2} M${chest[0] + 13 * wide},${-chest[1] + 14} L${chest[0] + 7},${-chest[1]} M${hip[0] - 6},${-hip[1] - 8} L${hip[0] - 14},${-hip[1] - 9}" stroke="${look.apron}" stroke-width="3.4" fill="none" stroke-linecap="round"/>
       <path d="M${hip[0] + 1},${-hip[1] + 2} h9 v6 q0,4 -4.5,4 q-4.5,0 -4.5,-4Z" fill="${shade(look.apron, 0.25)}"/>`
    : ''
  return seat + shirt + apron
}

function collar(pose: Pose, look: Look): string {
  if (look.back) return ''
  const [x, y] = pose.chest
  if (!look.jacket) {
    return `<path d="M${x - 6},${-y - 3} Q${x + 2},${-y + 5} ${x + 7},${-y - 2}" stroke="${shade(look.top, 0.22)}" stroke-width="3" fill="none" stroke-linecap="round"/>`
  }
  const [hx, hy] = pose.hip
  return `<path d="M${x - 5},${-y - 3} L${x + 9},${-y - 2} L${hx + 6},${-hy - 16} Z" fill="${look.top}"/>
    <path d="M${x - 6},${-y - 3} L${hx + 5},${-hy - 12} L${x + 10},${-y - 2}" fill="none" stroke="${shade(look.jacket, 0.3)}" stroke-width="3.2" stroke-linejoin="round" stroke-linecap="round"/>`
}

function arm(from: Joint, [elbow, hand]: [Joint, Joint], look: Look, cloth: string, skin: string) {
  const palm = `<circle cx="${hand[0]}" cy="${-hand[1]}" r="4.6" fill="${skin}"/>`
  if (look.sleeve === 'short') {
    const cuff: Joint = [
      from[0] + (elbow[0] - from[0]) * 0.72,
      from[1] + (elbow[1] - from[1]) * 0.72,
    ]
    return (
      palm + limb([from, elbow, hand], [5.4, 4.8, 3.6], skin) + limb([from, cuff], [7, 6.9], cloth)
    )
  }
  return palm + limb([from, elbow, hand], [7, 5.8, 4.6], cloth, 0.86)
}

function leg(from: Joint, [knee, ankle]: [Joint, Joint], cloth: string, look: Look): string {
  const [x, y] = ankle
  const shoes = look.shoes ?? hue.night
  const shoe = look.back
    ? `<path d="M${x - 6},${-y - 3} h12 v8 q0,2 -2,2 h-8 q-2,0 -2,-2Z" fill="${shoes}"/>`
    : `<path d="M${x - 6},${-y - 2} L${x + 5},${-y - 2} Q${x + 17},${-y + 1} ${x + 17},${-y + 5.5} Q${x + 17},${-y + 7} ${x + 15},${-y + 7} L${x - 6},${-y + 7} Q${x - 8},${-y + 3} ${x - 6},${-y - 2}Z" fill="${shoes}"/>`
  return limb([from, knee, ankle], [10, 7.6, 5.6], cloth, 0.93) + shoe
}

/** A limb with a radius at each joint: the outer tangents of neighbouring circles. */
export function limb(joints: Joint[], radii: number[], fill: string, reach = 1): string {
  const d = joints
    .slice(1)
    .map((joint, i) => {
      const from = joints[i]!
      const whole = i === joints.length - 2 ? reach : 1
      const to: Joint = [
        from[0] + (joint[0] - from[0]) * whole,
        from[1] + (joint[1] - from[1]) * whole,
      ]
      return tangents(from, to, radii[i]!, radii[i + 1]!)
    })
    .join('')
  return `<path d="${d}" fill="${fill}"/>`
}

function tangents(a: Joint, b: Joint, ra: number, rb: number): string {
  const apart = Math.hypot(b[0] - a[0], b[1] - a[1])
  const turn = Math.atan2(-(b[1] - a[1]), b[0] - a[0])
  const open = Math.acos(Math.max(-1, Math.min(1, (ra - rb) / Math.max(apart, 0.001))))
  const on = ([x, y]: Joint, r: number, angle: number) =>
    `${round(x + r * Math.cos(angle), 2)},${round(-y + r * Math.sin(angle), 2)}`
  return `M${on(a, ra, turn + open)}A${ra},${ra} 0 1 1 ${on(a, ra, turn - open)}L${on(b, rb, turn - open)}A${rb},${rb} 0 1 1 ${on(b, rb, turn + open)}Z`
}
