import {
  feedbackKinds,
  feedbackKindWords,
  feedbackLength,
  feedbackPictures,
} from '@jiyue/contract/feedback'
import { Text, Textarea, View } from '@tarojs/components'
import { Line, Wrong } from '../../fields/Line.tsx'
import '../../fields/longText.scss'
import { Options } from '../../fields/Options.tsx'
import { Icon } from '../../parts/Icon.tsx'
import { Card } from '../../parts/Page.tsx'
import { Picture } from '../../parts/Picture.tsx'
import { Problem } from '../../parts/Problem.tsx'
import { phoneType } from '../../parts/phoneType.ts'
import { Tap } from '../../parts/Tap.tsx'
import type { FeedbackState, FeedbackStore } from '../../stores/feedback.ts'
import './feedback.scss'

const kinds = feedbackKinds.map((value) => ({ value, label: feedbackKindWords[value] }))

/** Kind, words, pictures, a number for who wants to be called. */
export function FeedbackForm({
  feedback,
  state,
}: {
  feedback: FeedbackStore
  state: FeedbackState
}) {
  const { draft, errors, orderNumber, problem } = state
  return (
    <Card>
      <Options
        label="类型"
        options={kinds}
        isChosen={(kind) => kind === draft.kind}
        onTap={(kind) => feedback.change({ kind })}
      />
      <Text className="feedback__label">内容</Text>
      <Textarea
        className={`long-text feedback__text ${errors.text ? 'long-text--wrong' : ''}`}
        value={draft.text}
        maxlength={feedbackLength}
        placeholder="遇到了什么问题，或希望我们怎样改进"
        {...{ 'aria-label': '内容' }}
        onInput={(event) => feedback.change({ text: event.detail.value })}
      />
      <Wrong text={errors.text} />
      <Text className="feedback__label">图片（选填，最多 {feedbackPictures} 张）</Text>
      <Pictures feedback={feedback} state={state} />
      <Wrong text={errors.picture} />
      <Text className="feedback__label">联系电话（选填）</Text>
      <Line
        label="联系电话"
        type={phoneType}
        maxlength={20}
        value={draft.phone}
        placeholder="希望电话回复时填写"
        error={errors.phone}
        autoComplete="tel"
        onType={(phone) => feedback.change({ phone })}
      />
      {orderNumber ? (
        <View className="feedback__order">
          <Text className="feedback__about">关于订单 {orderNumber}</Text>
          <Tap className="feedback__apart" onTap={() => feedback.change({ orderId: null })}>
            <Text>不关联</Text>
          </Tap>
        </View>
      ) : null}
      <Problem text={problem && sentenceOf(problem)} />
    </Card>
  )
}

/** What was not heard is not lost. */
function sentenceOf({ unheard, message }: NonNullable<FeedbackState['problem']>): string {
  return unheard ? '网络信号弱，内容已保存，恢复后自动提交' : message
}

function Pictures({ feedback, state }: { feedback: FeedbackStore; state: FeedbackState }) {
  const { draft, previews } = state
  return (
    <View className="feedback__pictures">
      {draft.pictureIds.map((id, index) => (
        <View key={id} className="feedback__picture">
          {previews[id] ? (
            <Picture
              alt={`图片 ${index + 1}`}
              className="feedback__image"
              src={previews[id]}
              mode="aspectFill"
            />
          ) : (
            <Text className="feedback__kept">图片 {index + 1}</Text>
          )}
          <Tap
            className="feedback__drop"
            label={`删除图片 ${index + 1}`}
            onTap={() => feedback.dropPicture(id)}
          >
            <Icon name="cross" />
          </Tap>
        </View>
      ))}
      {draft.pictureIds.length < feedbackPictures ? (
        <Tap
          className="feedback__picture feedback__picture--add"
          label="添加图片"
          disabled={state.stage !== 'editing'}
          onTap={() => void feedback.addPicture()}
        >
          <Icon name="plus" size={24} />
        </Tap>
      ) : null}
    </View>
  )
}
