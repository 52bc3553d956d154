import type { Scene } from '@jiyue/contract/payment'

export const scene = (): Scene => 'weapp'
