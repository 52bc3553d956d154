import type { ConsoleFeedback } from '@jiyue/contract/schema/feedback'
import { Image, Skeleton } from 'antd'
import { useAsk } from '../../asking.ts'
import { Asked } from '../../parts/Asked.tsx'

/** Small, large after a click. */
export function Pictures({ one: { id, pictures } }: { one: ConsoleFeedback }) {
  if (pictures.length === 0) return null
  return (
    <Image.PreviewGroup>
      <p className="answer-pictures">
        {pictures.map((pictureId, index) => (
          <Picture key={pictureId} id={id} pictureId={pictureId} name={`图片 ${index + 1}`} />
        ))}
      </p>
    </Image.PreviewGroup>
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
