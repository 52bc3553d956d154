import type { InputProps } from '@tarojs/components'

/** Mini-programs know the digits' keyboard as `number`. */
export const phoneType: InputProps['type'] = 'number'
