import type { Pose } from './figure.ts'

/** How people hold themselves. Centimetres, looking right; see figure.ts. */

export const pushing: Pose = {
  hip: [-4, 86],
  chest: [8, 131],
  head: [17, 155],
  tilt: 10,
  nearArm: [
    [20, 106],
    [36, 96],
  ],
  farArm: [
    [32, 112],
    [50, 100],
  ],
  nearLeg: [
    [-10, 48],
    [-28, 10],
  ],
  farLeg: [
    [10, 46],
    [14, 7],
  ],
}
export const wiping: Pose = {
  hip: [0, 88],
  chest: [5, 134],
  head: [10, 158],
  tilt: 8,
  nearArm: [
    [18, 112],
    [40, 101],
  ],
  farArm: [
    [34, 116],
    [54, 108],
  ],
  nearLeg: [
    [0, 46],
    [-5, 7],
  ],
  farLeg: [
    [7, 46],
    [8, 7],
  ],
}
export const reaching: Pose = {
  hip: [0, 90],
  chest: [2, 137],
  head: [7, 161],
  tilt: -10,
  nearArm: [
    [14, 112],
    [27, 98],
  ],
  farArm: [
    [33, 148],
    [46, 178],
  ],
  nearLeg: [
    [-3, 47],
    [-9, 7],
  ],
  farLeg: [
    [7, 48],
    [9, 7],
  ],
}
export const standing: Pose = {
  hip: [0, 88],
  chest: [0, 136],
  head: [3, 160],
  nearArm: [
    [-13, 110],
    [-9, 84],
  ],
  farArm: [
    [13, 110],
    [13, 85],
  ],
  nearLeg: [
    [-5, 46],
    [-6, 7],
  ],
  farLeg: [
    [6, 46],
    [7, 7],
  ],
}
export const toasting: Pose = {
  ...standing,
  nearArm: [
    [-8, 108],
    [16, 112],
  ],
  farArm: [
    [12, 110],
    [10, 86],
  ],
}
export const talking: Pose = {
  ...standing,
  tilt: -3,
  nearArm: [
    [-14, 110],
    [-8, 86],
  ],
  farArm: [
    [20, 114],
    [38, 128],
  ],
}
export const pointing: Pose = {
  ...standing,
  tilt: -4,
  nearArm: [
    [-12, 108],
    [4, 96],
  ],
  farArm: [
    [32, 132],
    [54, 146],
  ],
}
/** Feet planted in front, the whole body leaning back on a rope at 95 cm. */
export const heaving: Pose = {
  hip: [-22, 70],
  chest: [-44, 112],
  head: [-47, 137],
  tilt: -16,
  nearArm: [
    [-24, 98],
    [2, 94],
  ],
  farArm: [
    [-18, 98],
    [22, 95],
  ],
  nearLeg: [
    [4, 52],
    [10, 7],
  ],
  farLeg: [
    [18, 44],
    [40, 8],
  ],
}
/** Sitting on a seat of 46 cm. */
export const seated: Pose = {
  hip: [-8, 56],
  chest: [-4, 104],
  head: [1, 128],
  nearArm: [
    [0, 78],
    [24, 76],
  ],
  farArm: [
    [12, 80],
    [34, 78],
  ],
  nearLeg: [
    [32, 52],
    [32, 7],
  ],
  farLeg: [
    [36, 52],
    [40, 7],
  ],
}
