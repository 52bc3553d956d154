import {
  AuditOutlined,
  DiffOutlined,
  RightOutlined,
  RollbackOutlined,
  SendOutlined,
} from '@ant-design/icons'
import { Alert, Button } from 'antd'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { paths } from '../../paths.ts'
import { type TodoCounts, useTodo } from '../../useTodo.ts'

interface Kind {
  of: (counts: TodoCounts) => number
  text: (count: number) => string
  icon: ReactNode
  to: (counts: TodoCounts) => string
}

const kinds: Kind[] = [
  {
    of: ({ proofs }) => proofs,
    text: (count) => `${count} 份付款凭证待审核`,
    icon: <AuditOutlined />,
    to: () => paths.proofs(),
  },
  {
    of: ({ refunds, refundsStuck }) => refunds + refundsStuck,
    text: (count) => `${count} 笔退款未成功`,
    icon: <RollbackOutlined />,
    to: ({ refunds }) => paths.refunds({ state: refunds > 0 ? 'failed' : 'requested' }),
  },
  {
    of: ({ differences }) => differences,
    text: (count) => `${count} 项账单差异`,
    icon: <DiffOutlined />,
    to: () => paths.bills(),
  },
  {
    of: ({ deliveries }) => deliveries,
    text: (count) => `${count} 个订单的发货信息超时未上传`,
    icon: <SendOutlined />,
    to: () => paths.deliveries(),
  },
]

/** What waits for a person, as links; nothing at all on a day on which nothing does. */
export function Todo() {
  const { counts, unanswered } = useTodo()
  const waiting = kinds.filter(({ of }) => of(counts) > 0)
  return (
    <>
      {unanswered.length > 0 && (
        <Alert
          type="warning"
          showIcon
          title="待办事项暂时读不到，可能不完整"
          action={
            <Button onClick={() => unanswered.forEach((query) => void query.refetch())}>
              重试
            </Button>
          }
        />
      )}
      {waiting.length > 0 && (
        <nav className="todo" aria-label="待办">
          {waiting.map(({ of, text, icon, to }) => (
            <Link key={text(0)} to={to(counts)} className="card">
              {icon}
              <span>{text(of(counts))}</span>
              <RightOutlined aria-hidden />
            </Link>
          ))}
        </nav>
      )}
    </>
  )
}
