import { feedbackKindWords, feedbackLength, feedbackStateWords } from '@jiyue/contract/feedback'
import type { Feedback } from '@jiyue/contract/schema/feedback'
import { clockText, dateText } from '@jiyue/contract/time'
import { Text, Textarea, View } from '@tarojs/components'
import { useRouter } from '@tarojs/taro'
import { useRef } from 'react'
import '../../fields/longText.scss'
import { Failed } from '../../parts/Failed.tsx'
import { MainButton } from '../../parts/MainButton.tsx'
import { Card, Page } from '../../parts/Page.tsx'
import { Problem } from '../../parts/Problem.tsx'
import { BoneLines } from '../../parts/Skeleton.tsx'
import { Tag } from '../../parts/Tag.tsx'
import { useAll, useOnce, useWhileShown } from '../../parts/useApp.ts'
import { app } from '../../phone.ts'
import { createTalk, type Talk, type TalkState } from '../../stores/talk.ts'
import './feedback.scss'
import { tones } from './Mine.tsx'

/** One feedback with the whole conversation; the merchant's answers appear by themselves (G8). */
export default function TalkPage() {
  const { params } = useRouter()
  const talk = useOnce(() => createTalk(app, params.id ?? ''))
  const state = useAll(talk.store)
  const stopFollowing = useRef(() => {})
  const load = async () => {
    await talk.load()
    stopFollowing.current()
    stopFollowing.current = talk.follow()
  }
  useWhileShown(() => {
    void load()
    return () => stopFollowing.current()
  })
  const { feedback, problem } = state
  return (
    <Page onRetry={load}>
      <View className="feedback">
        {feedback ? <Told feedback={feedback} talk={talk} state={state} /> : null}
        {!feedback && problem ? <Failed problem={problem} onRetry={load} /> : null}
        {!feedback && !problem ? (
          <Card>
            <BoneLines widths={['40%', '90%', '70%']} />
          </Card>
        ) : null}
      </View>
    </Page>
  )
}

interface ToldProps {
  feedback: Feedback
  talk: Talk
  state: TalkState
}

function Told({ feedback, talk, state }: ToldProps) {
  const { kind, state: now, order, pictures, phoneMasked, words, solution } = feedback
  const facts = [
    order && `订单 ${order.number}`,
    pictures.length > 0 && `图片 ${pictures.length} 张`,
    phoneMasked && `联系电话 ${phoneMasked}`,
  ].filter(Boolean)
  return (
    <>
      <Card
        title={feedbackKindWords[kind]}
        aside={<Tag word={feedbackStateWords[now]} tone={tones[now]} />}
      >
        <Said mine text={feedback.text} at={feedback.createdAt} />
        {facts.length > 0 ? <Text className="feedback__facts">{facts.join(' · ')}</Text> : null}
        {words.map((one) => (
          <Said key={one.id} mine={one.mine} text={one.text} at={one.at} />
        ))}
        {solution ? (
          <Said mine={false} text={`处理结果：${solution}`} at={feedback.changedAt} />
        ) : null}
      </Card>
      <Card>
        <Textarea
          className="long-text"
          value={state.text}
          maxlength={feedbackLength}
          placeholder={now === 'closed' ? '仍有问题？继续补充将重新处理' : '补充说明，或回复商家'}
          {...{ 'aria-label': '补充说明' }}
          onInput={(event) => talk.type(event.detail.value)}
        />
        <Problem
          text={
            state.refusal?.unheard
              ? '网络信号弱，内容已保存，恢复后自动提交'
              : state.refusal?.message
          }
        />
        <View className="feedback__send">
          <MainButton
            text="发送"
            busy={state.busy}
            disabled={state.text.trim() === ''}
            onTap={() => void talk.say()}
          />
        </View>
      </Card>
    </>
  )
}

function Said({ mine, text, at }: { mine: boolean; text: string; at: string }) {
  return (
    <View className={`feedback__said ${mine ? '' : 'feedback__said--reply'}`}>
      <Text className="feedback__by">
        {`${mine ? '我' : '商家'} · ${dateText(at)} ${clockText(at)}`}
      </Text>
      <Text className="feedback__text-of">{text}</Text>
    </View>
  )
}
