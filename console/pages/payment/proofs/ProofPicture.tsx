import { ZoomInOutlined, ZoomOutOutlined } from '@ant-design/icons'
import { Skeleton } from 'antd'
import { useState } from 'react'
import { useAsk } from '../../../asking.ts'
import { Asked } from '../../../parts/Asked.tsx'

/** A picture somebody sent: all of it, or in its own size after a click, to read small print. */
export function ProofPicture({ id }: { id: string }) {
  const [large, setLarge] = useState(false)
  const query = useAsk('getPicture', { params: { id } }, { staleTime: Number.POSITIVE_INFINITY })
  return (
    <Asked query={query} waiting={<Skeleton.Node active className="picture-wait" />}>
      {({ type, base64, width, height }) => (
        <button
          type="button"
          className={large ? 'picture picture-large' : 'picture'}
          aria-label={large ? '缩小到整张' : '放大到原始尺寸'}
          onClick={() => setLarge(!large)}
        >
          <img
            src={`data:${type};base64,${base64}`}
            alt="用户上传的付款截图"
            width={width}
            height={height}
          />
          <span className="picture-zoom" aria-hidden>
            {large ? <ZoomOutOutlined /> : <ZoomInOutlined />}
          </span>
        </button>
      )}
    </Asked>
  )
}
