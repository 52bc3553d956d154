import type { Service } from '@jiyue/contract/schema/wire'
import { Text, View } from '@tarojs/components'
import { useEffect, useRef, useState } from 'react'
import { Icon } from '../../parts/Icon.tsx'
import { Picture } from '../../parts/Picture.tsx'
import { Tap } from '../../parts/Tap.tsx'
import { photo } from '../../parts/useApp.ts'
import { keepDialog } from '../../platform/dialog.ts'
import './photos.scss'

type Photo = Service['photos'][number]

/** Thumbnails until somebody asks for more: a tap loads the large one over the page (B1, T9). */
export function Photos({ photos, name }: { photos: readonly Photo[]; name: string }) {
  const [large, setLarge] = useState<number | null>(null)
  if (photos.length === 0) return null
  return (
    <View className={`photos photos--${Math.min(photos.length, 3)}`}>
      {photos.slice(0, 3).map(({ thumb }, at) => (
        <Tap
          key={thumb}
          className="photos__thumb"
          label={`${name} 照片 ${at + 1}，查看大图`}
          onTap={() => setLarge(at)}
        >
          <Picture alt="" className="photos__image" src={photo(thumb)} mode="aspectFill" />
        </Tap>
      ))}
      {large === null ? null : (
        <Large photos={photos} at={large} onMove={setLarge} onClose={() => setLarge(null)} />
      )}
    </View>
  )
}

function Large(props: {
  photos: readonly Photo[]
  at: number
  onMove: (at: number) => void
  onClose: () => void
}) {
  const { photos, at, onMove, onClose } = props
  const close = useRef(onClose)
  close.current = onClose
  useEffect(() => keepDialog('大图', () => close.current()), [])
  const one = photos[at]
  if (!one) return null
  return (
    <View
      className="photos__over"
      {...{ role: 'dialog', 'aria-modal': true, 'aria-label': '大图' }}
    >
      <View className="photos__dark" onClick={onClose} />
      <Picture alt="" className="photos__large" src={photo(one.large)} mode="aspectFit" />
      <View className="photos__tools">
        <Tap
          className="photos__tool"
          label="上一张"
          disabled={at === 0}
          onTap={() => onMove(at - 1)}
        >
          <Icon name="left" size={24} />
        </Tap>
        <Text>{`${at + 1} / ${photos.length}`}</Text>
        <Tap
          className="photos__tool"
          label="下一张"
          disabled={at === photos.length - 1}
          onTap={() => onMove(at + 1)}
        >
          <Icon name="right" size={24} />
        </Tap>
      </View>
      <Tap className="photos__close" label="关闭大图" onTap={onClose}>
        <Icon name="cross" size={24} />
      </Tap>
    </View>
  )
}
