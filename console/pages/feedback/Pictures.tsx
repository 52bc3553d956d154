import type { ConsoleFeedback } from '@jiyue/contract/schema/feedback'
import { Image, Skeleton } from 'antd'
import { useAsk } from '../../asking.ts'
import { Asked } from '../../parts/Asked.tsx'

interface PicturesProps {
  one: ConsoleFeedback
  /** What was said with them; null: what came with the whole. */
  wordsId: string | null
}

/** Small, large after a click. */
export function Pictures({ one: { id, pictures }, wordsId }: PicturesProps) {
  const own = pictures.filter((picture) => picture.wordsId === wordsId)
  if (own.length === 0) return null
  const here = own.filter(({ state }) => state === 'here')
  const due = own.filter(({ state }) => state === 'due').length
  const lost = own.filter(({ state }) => state === 'lost').length
  return (
    <>
      <Image.PreviewGroup>
        <p className="answer-pictures">
          {here.map((picture, index) => (
            <Picture key={picture.id} id={id} pictureId={picture.id} name={`图片 ${index + 1}`} />
          ))}
        </p>
      </Image.PreviewGroup>
      {due > 0 && <p className="quiet">{`还有 ${due} 张图片正在从微信取回`}</p>}
      {lost > 0 && <p className="quiet">{`${lost} 张图片微信未能提供`}</p>}
    </>
  )
}

function Picture(props: { id: string; pictureId: string; name: string }) {
  const { id, pictureId, name } = props
  const query = useAsk(
    'getFeedbackPicture',
    { params: { id, pictureId } },
    { staleTime: Number.POSITIVE_INFINITY },
  )
  return (
    <Asked query={query} waiting={<Skeleton.Node active />}>
      {({ type, base64 }) => (
        <Image width={72} height={72} src={`data:${type};base64,${base64}`} alt={name} />
      )}
    </Asked>
  )
}
