import { Text } from '@tarojs/components'
import type { Tone } from '../flow.ts'
import './tag.scss'

/** The state of something in one word. */
export function Tag({ word, tone }: { word: string; tone: Tone }) {
  return <Text className={`tag tag--${tone}`}>{word}</Text>
}
