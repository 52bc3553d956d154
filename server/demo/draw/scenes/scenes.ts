import { hall } from './hall.ts'
import { kitchen } from './kitchen.ts'
import { lawn } from './lawn.ts'
import { livingRoom } from './livingRoom.ts'
import { loft } from './loft.ts'
import { speaker } from './speaker.ts'
import { tallWindow } from './tallWindow.ts'
import { terrace } from './terrace.ts'
import { workshop } from './workshop.ts'

/** Every scene by the name of its files: 家庭保洁, 团建场地, 讲座. Each gives SVG of 1280 × 960. */
export const scenes: Record<string, () => string> = {
  'cleaning-1': livingRoom,
  'cleaning-2': kitchen,
  'cleaning-3': tallWindow,
  'venue-1': loft,
  'venue-2': terrace,
  'venue-3': lawn,
  'lecture-1': hall,
  'lecture-2': speaker,
  'lecture-3': workshop,
}
