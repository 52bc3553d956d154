import { Image, Skeleton } from 'antd'
import { useAsk } from '../../asking.ts'
import { Asked } from '../../parts/Asked.tsx'
import { useWhyNoRight } from '../../useWhyNoRight.ts'

interface AnswerPicturesProps {
  orderId: string
  pictures: readonly { id: string; name: string }[]
}

/** Pictures of a registration: small, large after a click; how many, for whom they are not. */
export function AnswerPictures({ orderId, pictures }: AnswerPicturesProps) {
  const reason = useWhyNoRight('pictures')
  if (reason) return <span className="quiet">{`${pictures.length} 张图片（${reason}）`}</span>
  return (
    <Image.PreviewGroup>
      <span className="answer-pictures">
        {pictures.map((one) => (
          <AnswerPicture key={one.id} orderId={orderId} {...one} />
        ))}
      </span>
    </Image.PreviewGroup>
  )
}

function AnswerPicture({ orderId, id, name }: { orderId: string; id: string; name: string }) {
  const query = useAsk(
    'getAnswerPicture',
    { params: { id: orderId, pictureId: id } },
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
