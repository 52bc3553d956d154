import {
  feedbackCauseWords,
  feedbackKindWords,
  feedbackSourceWords,
} from '@jiyue/contract/feedback'
import type { ConsoleFeedbackCard } from '@jiyue/contract/schema/feedback'
import type { TableColumnsType } from 'antd'
import { Link } from 'react-router'
import { Two } from '../../parts/Two.tsx'
import { paths } from '../../paths.ts'
import { stampText } from '../../stamp.ts'
import { Due, FeedbackTag } from './FeedbackTag.tsx'

export function columnsFor(search: string): TableColumnsType<ConsoleFeedbackCard> {
  return [
    {
      title: '内容',
      width: 320,
      render: (_, row) => (
        <Two
          first={
            <Link
              className="feedback-text"
              to={paths.oneFeedback(row.id, search)}
              onClick={(event) => event.stopPropagation()}
            >
              {row.text || '（内容已随用户注销删除）'}
            </Link>
          }
          second={[
            feedbackKindWords[row.kind],
            row.source === 'wechat' && feedbackSourceWords.wechat,
            `${stampText(row.createdAt)} 提交`,
          ]
            .filter(Boolean)
            .join(' · ')}
        />
      ),
    },
    { title: '状态', render: (_, { state }) => <FeedbackTag state={state} /> },
    { title: '回复期限', render: (_, { dueAt }) => <Due dueAt={dueAt} /> },
    {
      title: '负责人',
      render: (_, { assignee }) => assignee?.name ?? <span className="quiet">未指派</span>,
    },
    {
      title: '用户',
      render: (_, { person, phoneMasked }) => <Two first={person} second={phoneMasked} />,
    },
    {
      title: '订单',
      render: (_, { order }) => order?.number ?? <span className="quiet">—</span>,
    },
    {
      title: '原因',
      render: (_, { cause }) =>
        cause ? feedbackCauseWords[cause] : <span className="quiet">—</span>,
    },
  ]
}
