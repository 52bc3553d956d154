import {
  channelWords,
  reminderKinds,
  reminderStateWords,
  unsentReasons,
} from '@jiyue/contract/reminder'
import type { ConsoleMessage } from '@jiyue/contract/schema/wire'
import { Timeline } from 'antd'
import { translated } from '../../english/text.ts'
import { exactText } from '../../stamp.ts'

/** What the person was told, by which way, and why not by the others (X3). */
export function OrderMessages({ messages }: { messages: readonly ConsoleMessage[] }) {
  if (messages.length === 0) return null
  return (
    <section className="drawer-part" aria-label="消息">
      <h3>消息</h3>
      <Timeline
        items={messages.map((one) => ({
          key: one.id,
          color: { sent: 'green', unsent: 'gray', planned: 'blue', sending: 'blue' }[one.state],
          content: <Line message={one} />,
        }))}
      />
    </section>
  )
}

const answers = { confirm: '客户已确认参与', cancel: '客户已取消' }

function Line({ message }: { message: ConsoleMessage }) {
  const { kind, state, reason, sends, dueAt, doneAt, readAt, answer } = message
  const at = doneAt ?? dueAt
  return (
    <span className="two">
      <span>
        {translated(reminderKinds[kind].zh)} · <strong>{reminderStateWords[state]}</strong>
        {reason && <span className="quiet">（{unsentReasons[reason]}）</span>}
        {answer && <span className="quiet"> · {answers[answer]}</span>}
      </span>
      {sends.length > 0 && (
        <small className="quiet">
          {sends
            .map(({ channel, reason: why, code }) => {
              const word = why
                ? unsentReasons[why]
                : channel === 'inbox' && readAt
                  ? '已读'
                  : '已送达'
              return `${channelWords[channel]}：${word}${code ? `（${code}）` : ''}`
            })
            .join('；')}
        </small>
      )}
      {at && (
        <small className="quiet">
          {state === 'planned' ? '计划于 ' : ''}
          {exactText(at)}
        </small>
      )}
    </span>
  )
}
