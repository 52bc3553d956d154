import { useRouter } from '@tarojs/taro'
import { useRef } from 'react'
import { pathTo } from '../../lib/paths.ts'
import { go } from '../../parts/go.ts'
import { MainButton } from '../../parts/MainButton.tsx'
import { Columns, Page } from '../../parts/Page.tsx'
import { useAll, useOnce, useSayNext, useWhileShown } from '../../parts/useApp.ts'
import { app } from '../../phone.ts'
import { createFeedback } from '../../stores/feedback.ts'
import { FeedbackForm } from './FeedbackForm.tsx'
import { Mine } from './Mine.tsx'

const words = {
  editing: '提交',
  uploading: '正在上传图片…',
  sending: '正在提交…',
} as const

/** 投诉与建议 (G8): tells the merchant something, and what became of what was told before. */
export default function FeedbackPage() {
  const { params } = useRouter()
  const sayNext = useSayNext()
  const feedback = useOnce(() =>
    createFeedback(app, {
      orderId: params.order ?? null,
      page: params.from ?? '/pages/feedback/index',
    }),
  )
  const state = useAll(feedback.store)
  const stopFollowing = useRef(() => {})
  const load = async () => {
    await feedback.load()
    stopFollowing.current()
    stopFollowing.current = feedback.follow()
  }
  useWhileShown(() => {
    void load()
    return () => stopFollowing.current()
  })
  const submit = async () => {
    const id = await feedback.submit()
    if (id === null) return
    sayNext('已提交，商家回复后会通知您')
    await go.to(pathTo.talk(id))
  }
  return (
    <Page onRetry={load}>
      <Columns
        head={null}
        side={<FeedbackForm feedback={feedback} state={state} />}
        more={<Mine mine={state.mine} signedIn={state.signedIn} />}
        bar={
          <MainButton text={words[state.stage]} busy={state.stage !== 'editing'} onTap={submit} />
        }
      />
    </Page>
  )
}
