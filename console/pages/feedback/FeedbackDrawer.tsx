import {
  feedbackCauseWords,
  feedbackKindWords,
  feedbackSourceWords,
} from '@jiyue/contract/feedback'
import { price } from '@jiyue/contract/money'
import type { ConsoleFeedback } from '@jiyue/contract/schema/feedback'
import { Descriptions, Drawer, Skeleton } from 'antd'
import type { ReactNode } from 'react'
import { Link, useLocation, useNavigate, useParams } from 'react-router'
import { useAsk } from '../../asking.ts'
import { Asked } from '../../parts/Asked.tsx'
import { Two } from '../../parts/Two.tsx'
import { paths } from '../../paths.ts'
import { exactText } from '../../stamp.ts'
import { Closing } from './Closing.tsx'
import { FeedbackTag } from './FeedbackTag.tsx'
import { Handling } from './Handling.tsx'
import { Pictures } from './Pictures.tsx'
import { Talk } from './Talk.tsx'

/** One feedback over the list: what it is about, the conversation, who looks after it, how it ended. */
export function Component() {
  const { id = '' } = useParams()
  const { search } = useLocation()
  const navigate = useNavigate()
  const query = useAsk('getConsoleFeedback', { params: { id } })
  const one = query.data
  return (
    <Drawer
      open
      size={600}
      onClose={() => navigate({ pathname: '..', search })}
      title={
        one ? (
          <span className="order-title">
            {feedbackKindWords[one.kind]} <FeedbackTag state={one.state} />
          </span>
        ) : (
          '反馈'
        )
      }
      footer={one && <Closing one={one} />}
    >
      <Asked query={query} waiting={<Skeleton active paragraph={{ rows: 12 }} />}>
        {(data) => (
          <>
            <p className="feedback-whole">{data.text || '（内容已随用户注销删除）'}</p>
            <Pictures one={data} wordsId={null} />
            <About one={data} />
            <Handling key={`${data.assignee?.id} ${data.dueAt}`} one={data} />
            <Talk one={data} />
          </>
        )}
      </Asked>
    </Drawer>
  )
}

function About({ one }: { one: ConsoleFeedback }) {
  const { order, complaint, cause } = one
  const lines: [string, ReactNode][] = [
    ['来源', feedbackSourceWords[one.source]],
    ['用户', [one.person, one.phone ? null : one.phoneMasked].filter(Boolean).join('　')],
    ['留下的电话', one.phone],
    ['关联订单', order && <Link to={paths.order(order.id)}>{order.number}</Link>],
    ['提交时间', exactText(one.createdAt)],
    ['提交页面', one.page],
    ['负责人', one.dueAt === null && one.assignee?.name],
    ['微信投诉单', complaint && <Complaint complaint={complaint} />],
    ['原因', cause && feedbackCauseWords[cause]],
    ['处理结果', one.solution],
  ]
  const items = lines
    .filter(([, text]) => text)
    .map(([label, text]) => ({ key: label, label, children: text }))
  return <Descriptions className="lines" column={1} size="small" colon={false} items={items} />
}

const wechatWords: Record<string, string> = {
  PENDING: '待处理',
  PROCESSING: '处理中',
  PROCESSED: '已处理完成',
}

/** As WeChat has it. */
function Complaint({ complaint }: { complaint: NonNullable<ConsoleFeedback['complaint']> }) {
  const { id, transactionId, amountFen, state, refundAsked } = complaint
  return (
    <Two
      first={`${id} · 微信侧${wechatWords[state] ?? state}`}
      second={[
        transactionId && `微信订单 ${transactionId}`,
        `支付 ${price(amountFen)}`,
        refundAsked && '用户要求退款',
      ]
        .filter(Boolean)
        .join(' · ')}
    />
  )
}
