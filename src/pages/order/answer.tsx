import { price } from '@jiyue/contract/money'
import { spanText } from '@jiyue/contract/time'
import { Text, View } from '@tarojs/components'
import { useRouter } from '@tarojs/taro'
import { useState } from 'react'
import { tabs } from '../../lib/paths.ts'
import { Empty } from '../../parts/Empty.tsx'
import { Failed } from '../../parts/Failed.tsx'
import { go } from '../../parts/go.ts'
import { Icon } from '../../parts/Icon.tsx'
import { MainButton } from '../../parts/MainButton.tsx'
import { Card, Columns, Page } from '../../parts/Page.tsx'
import { Problem } from '../../parts/Problem.tsx'
import { Rows } from '../../parts/Rows.tsx'
import { Sheet } from '../../parts/Sheet.tsx'
import { BoneLines } from '../../parts/Skeleton.tsx'
import { useAll, useOnce, useWhileShown } from '../../parts/useApp.ts'
import { app } from '../../phone.ts'
import { type Asked, createAnswer } from '../../stores/answer.ts'
import './answer.scss'

/** The link of the day before (B8): confirms or cancels without signing in. */
export default function AnswerPage() {
  const { params } = useRouter()
  const answer = useOnce(() => createAnswer(app, params.key ?? ''))
  const { asked, problem, refusal, busy } = useAll(answer.store)
  const [cancelling, setCancelling] = useState(false)
  useWhileShown(() => void answer.load())

  if (!asked) {
    return (
      <Page onRetry={answer.load}>
        {problem?.code === 'not_found' || problem?.code === 'malformed' ? (
          <Empty
            icon="info"
            title="链接已失效"
            hint="请在「订单」中查看您的预约"
            button="查看订单"
            onTap={() => go.tab(tabs.orders)}
          />
        ) : problem ? (
          <Failed problem={problem} onRetry={answer.load} />
        ) : (
          <Card>
            <BoneLines widths={['50%', '80%', '70%']} />
          </Card>
        )}
      </Page>
    )
  }
  const cancel = async () => {
    await answer.say('cancel')
    setCancelling(false)
  }
  const verdict = verdictOf(asked)
  const isOpen = verdict === null
  return (
    <Page onRetry={answer.load}>
      <Columns
        head={
          <Card title={isOpen ? '是否确认参与？' : undefined}>
            {verdict ? (
              <View className={`answer__verdict answer__verdict--${verdict.tone}`}>
                <Icon name={verdict.tone === 'good' ? 'check' : 'info'} size={24} />
                <Text className="answer__word">{verdict.text}</Text>
              </View>
            ) : null}
            <Rows rows={rowsOf(asked)} />
            <Problem text={refusal?.message ?? null} />
          </Card>
        }
        side={
          <Text className="answer__hint">
            {isOpen ? `未回复将为您保留预约。${asked.cancelRule}` : '更多信息请在「订单」中查看'}
          </Text>
        }
        bar={
          isOpen || asked.cancelling ? (
            <View className="answer__buttons">
              {asked.cancelling && !asked.moved ? (
                <MainButton look="plain" text="取消预约" onTap={() => setCancelling(true)} />
              ) : null}
              {isOpen ? (
                <MainButton
                  text="确认参与"
                  busy={busy === 'confirm'}
                  onTap={() => void answer.say('confirm')}
                />
              ) : null}
            </View>
          ) : undefined
        }
      />
      {asked.cancelling ? (
        <Sheet
          open={cancelling}
          title="确定取消预约？"
          onClose={() => setCancelling(false)}
          foot={
            <>
              <MainButton look="danger" text="确定取消" busy={busy === 'cancel'} onTap={cancel} />
              <MainButton text="再想想" onTap={() => setCancelling(false)} />
            </>
          }
        >
          <Rows
            rows={[
              { label: '取消费用', value: price(asked.cancelling.feeFen) },
              { label: '退回金额', value: price(asked.cancelling.refundFen) },
            ]}
          />
        </Sheet>
      ) : null}
    </Page>
  )
}

/** What the page says instead of asking; null while the question is open. */
function verdictOf({
  state,
  moved,
  answer,
}: Asked): { tone: 'good' | 'quiet'; text: string } | null {
  if (moved) return { tone: 'quiet', text: '该预约已改期，以新时段为准' }
  if (state === 'cancelled') return { tone: 'quiet', text: '预约已取消' }
  if (state !== 'confirmed') return { tone: 'quiet', text: '该预约已结束，无需确认' }
  return answer === 'confirm' ? { tone: 'good', text: '已确认参与，请按时到场' } : null
}

function rowsOf({ service, slot, place, number }: Asked) {
  return [
    { label: '服务', value: service },
    { label: '时段', value: spanText(slot.startsAt, slot.endsAt) },
    { label: '地点', value: place ?? '服务人员上门' },
    { label: '订单号', value: number },
  ]
}
