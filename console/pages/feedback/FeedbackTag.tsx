import { CheckCircleOutlined, ClockCircleOutlined, CommentOutlined } from '@ant-design/icons'
import { type FeedbackState, feedbackStateWords, isOverdue } from '@jiyue/contract/feedback'
import type { ReactNode } from 'react'
import { useNow } from '../../clock.ts'
import { stampText } from '../../stamp.ts'

const looks: Record<FeedbackState, { look: string; icon: ReactNode }> = {
  open: { look: 'wait', icon: <ClockCircleOutlined /> },
  answered: { look: 'good', icon: <CommentOutlined /> },
  closed: { look: 'over', icon: <CheckCircleOutlined /> },
}

/** Its state, never by colour alone. */
export function FeedbackTag({ state }: { state: FeedbackState }) {
  const { look, icon } = looks[state]
  return (
    <span className={`state state-${look}`} data-state={state}>
      {icon} {feedbackStateWords[state]}
    </span>
  )
}

/** Until when it is to be answered; beyond that it says so. */
export function Due({ dueAt }: { dueAt: string | null }) {
  const late = isOverdue(dueAt, useNow(30))
  if (dueAt === null) return <span className="quiet">—</span>
  return (
    <span className={late ? 'warn-text' : undefined}>
      {stampText(dueAt)}
      {late && ' 已超时'}
    </span>
  )
}
