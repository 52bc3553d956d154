import type { InputProps } from '@tarojs/components'

/** Digits' keyboard of a browser that still lets `+86 138 0013 8000` be pasted; `number` drops it. */
export const phoneType = 'tel' as InputProps['type']
