import type { Look } from '../figure.ts'
import { hairs, hue, skins } from '../palette.ts'

const uniform = {
  top: hue.teal,
  bottom: hue.night,
  apron: hue.honey,
  shoes: hue.white,
  sleeve: 'short' as const,
}

/** The three cleaners wear one uniform. */
export const mei: Look = { ...uniform, skin: skins[0], hair: hairs[1], style: 'bun' }

export const lin: Look = { ...uniform, skin: skins[1], hair: hairs[0], style: 'short' }

export const yan: Look = { ...uniform, skin: skins[0], hair: hairs[2], style: 'pony' }
