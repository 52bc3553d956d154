import { LeftOutlined, RightOutlined } from '@ant-design/icons'
import { Button, Empty, Result, Skeleton, Space } from 'antd'
import { type ReactNode, useEffect } from 'react'
import { useLocation } from 'react-router'
import { askFor, keyOf, queries } from '../../../asking.ts'
import { Asked } from '../../../parts/Asked.tsx'
import { useKeys } from '../../../useKeys.ts'
import { useWhyNoRight } from '../../../useWhyNoRight.ts'
import { Review } from './Review.tsx'
import { type Queue as ProofQueue, useQueue } from './useQueue.ts'

/** The waiting proofs, one at a time. ← → walk, A and R decide (Review). */
export function Queue({ bar }: { bar: ReactNode }) {
  const queue = useQueue()
  const { current, previous, next, open } = queue
  const { pathname } = useLocation()
  const covered = pathname.includes('/order/')
  useKeys(
    {
      ArrowLeft: () => previous && open(previous),
      ArrowRight: () => next && open(next),
    },
    !covered,
  )
  usePictureAhead(next?.pictureId)
  return (
    <>
      <div className="queue-bar">
        {bar}
        {current && <Walk queue={queue} />}
      </div>
      <Asked query={queue.query} waiting={<Waiting />}>
        {() => {
          if (queue.gone) return <Gone queue={queue} />
          if (queue.empty) return <Nothing />
          if (!current) return <Waiting />
          const shared = { proof: current, covered, decided: queue.decided }
          return <Review key={current.id} {...shared} />
        }}
      </Asked>
    </>
  )
}

/** Where one is in the queue, and the keys. */
function Walk({ queue: { at, waiting, previous, next, open } }: { queue: ProofQueue }) {
  const mayDecide = useWhyNoRight('money') === null
  return (
    <>
      <Space.Compact>
        <Button
          icon={<LeftOutlined />}
          aria-label="上一份"
          disabled={!previous}
          onClick={() => open(previous)}
        />
        <Button disabled className="queue-place">
          {at + 1} / {Math.max(waiting, at + 1)}
        </Button>
        <Button
          icon={<RightOutlined />}
          aria-label="下一份"
          disabled={!next}
          onClick={() => open(next)}
        />
      </Space.Compact>
      <p className="quiet queue-keys">
        <span>
          <kbd>←</kbd> <kbd>→</kbd> 切换
        </span>
        {mayDecide && (
          <>
            <span>
              <kbd>A</kbd> 通过
            </span>
            <span>
              <kbd>R</kbd> 驳回
            </span>
          </>
        )}
      </p>
    </>
  )
}

/** Decided by somebody else, or by the money itself, while it was open here. */
function Gone({ queue }: { queue: ProofQueue }) {
  return (
    <section className="card">
      <Result
        status="info"
        title="这份凭证已不在待审核中"
        subTitle="同事已处理，或款项已自动到账；结果在「已处理」中"
        extra={
          <Button type="primary" autoFocus onClick={() => queue.open(undefined)}>
            {queue.waiting > 0 ? `继续审核（还有 ${queue.waiting} 份）` : '知道了'}
          </Button>
        }
      />
    </section>
  )
}

function Nothing() {
  return (
    <section className="card">
      <Empty
        className="padded"
        description="没有待审核的凭证。用户付款未被识别并上传截图时，会立刻出现在这里"
      />
    </section>
  )
}

function Waiting() {
  return (
    <section className="card">
      <Skeleton active paragraph={{ rows: 10 }} />
    </section>
  )
}

/** The next picture is there before it is wanted. */
function usePictureAhead(id: string | undefined): void {
  useEffect(() => {
    if (!id) return
    const input = { params: { id } }
    void queries.prefetchQuery({
      queryKey: keyOf('getPicture', input),
      queryFn: () => askFor('getPicture', input),
      staleTime: Number.POSITIVE_INFINITY,
    })
  }, [id])
}
