import { View } from '@tarojs/components'
import './skeleton.scss'

/** A grey bone in the place of content that is on its way. */
export function Bone({ width = '100%', height = 16 }: { width?: string; height?: number }) {
  return <View className="bone" style={{ width, height: `${height}px` }} />
}

/** Bones under each other, as the lines of a card. */
export function BoneLines({ widths }: { widths: readonly string[] }) {
  return (
    <View className="bone-lines" {...{ 'aria-label': '加载中', role: 'status' }}>
      {widths.map((width, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: bones never move.
        <Bone key={at} width={width} height={at === 0 ? 20 : 14} />
      ))}
    </View>
  )
}
