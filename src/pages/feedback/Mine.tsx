import { type FeedbackState, feedbackKindWords, feedbackStateWords } from '@jiyue/contract/feedback'
import type { FeedbackCard } from '@jiyue/contract/schema/feedback'
import { clockText, dateText } from '@jiyue/contract/time'
import { Text, View } from '@tarojs/components'
import type { Tone } from '../../flow.ts'
import { pathTo } from '../../lib/paths.ts'
import { go } from '../../parts/go.ts'
import { Card } from '../../parts/Page.tsx'
import { BoneLines } from '../../parts/Skeleton.tsx'
import { Tag } from '../../parts/Tag.tsx'
import { Tap } from '../../parts/Tap.tsx'
import './feedback.scss'

export const tones: Record<FeedbackState, Tone> = {
  open: 'busy',
  answered: 'good',
  closed: 'quiet',
}

/** 我的反馈: what was told before; a tap opens the conversation. */
export function Mine({ mine, signedIn }: { mine: FeedbackCard[] | null; signedIn: boolean }) {
  if (!signedIn) return null
  return (
    <Card title="我的反馈">
      {mine === null ? <BoneLines widths={['60%', '90%', '60%']} /> : null}
      {mine?.length === 0 ? (
        <Text className="feedback__none">还没有反馈。提交后可在这里查看商家的回复</Text>
      ) : null}
      {mine?.map((one) => (
        <Tap
          key={one.id}
          className="feedback__one"
          role="link"
          onTap={() => void go.to(pathTo.talk(one.id))}
        >
          <View className="feedback__head">
            <Text className="feedback__kind">{feedbackKindWords[one.kind]}</Text>
            <Text className="feedback__time">
              {`${dateText(one.changedAt)} ${clockText(one.changedAt)}`}
            </Text>
            <Tag word={feedbackStateWords[one.state]} tone={tones[one.state]} />
          </View>
          <Text className="feedback__words">{one.text}</Text>
        </Tap>
      ))}
    </Card>
  )
}
