import { clockText, dateText, dayOf } from '@jiyue/contract/time'
import { Text, View } from '@tarojs/components'
import { useEffect } from 'react'
import { MainButton } from '../../parts/MainButton.tsx'
import { Picture } from '../../parts/Picture.tsx'
import { Sheet } from '../../parts/Sheet.tsx'
import { BoneLines } from '../../parts/Skeleton.tsx'
import { useAll } from '../../parts/useApp.ts'
import type { Privacy } from '../../stores/privacy.ts'

interface PicturesSheetProps {
  privacy: Privacy
  onClose: () => void
}

/** The pictures a person has sent, as they are kept (X11). */
export function PicturesSheet({ privacy, onClose }: PicturesSheetProps) {
  const { data, pictures } = useAll(privacy.store)
  const read = () => void privacy.showPictures()
  // Once, when it opens; what could not be read is asked for again by its button.
  useEffect(() => void privacy.showPictures(), [privacy])
  return (
    <Sheet open title="上传的图片" onClose={onClose}>
      {(data?.pictures ?? []).map(({ id, at, width, height }) => {
        const shown = pictures[id]
        return (
          <View key={id} className="privacy__picture">
            {shown === undefined ? (
              <BoneLines widths={['100%', '100%', '100%']} />
            ) : 'source' in shown ? (
              <Picture
                alt={`上传于 ${stampOf(at)} 的图片`}
                className="privacy__image"
                src={shown.source}
                mode={height > width ? 'aspectFit' : 'widthFix'}
              />
            ) : (
              <MainButton look="plain" text={`${shown.problem.message}，点击重试`} onTap={read} />
            )}
            <Text className="privacy__quiet">{stampOf(at)}</Text>
          </View>
        )
      })}
    </Sheet>
  )
}

/** 「2026年11月29日 周日 20:31」 on the merchant's clock. */
export function stampOf(at: string): string {
  return `${dayOf(Date.parse(at)).slice(0, 4)}年${dateText(at)} ${clockText(at)}`
}
