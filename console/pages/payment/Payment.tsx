import { Badge, Empty, Tabs } from 'antd'
import { Outlet, useLocation, useNavigate } from 'react-router'
import { Page } from '../../parts/Page.tsx'
import { paths } from '../../paths.ts'
import { type TodoCounts, useTodo } from '../../useTodo.ts'
import { useWhyNoRight } from '../../useWhyNoRight.ts'

interface Tab {
  key: string
  label: string
  todo?: (counts: TodoCounts) => number
  /** What is read there asks for the right to money. */
  money?: true
}

const tabs: readonly Tab[] = [
  { key: paths.reconciliation(), label: '对账', money: true },
  { key: paths.bills(), label: '账单与差异', todo: (c) => c.differences, money: true },
  { key: paths.refunds(), label: '退款', todo: (c) => c.refunds + c.refundsStuck },
  { key: paths.proofs(), label: '凭证审核', todo: (c) => c.proofs, money: true },
  { key: paths.deliveries(), label: '发货信息', todo: (c) => c.deliveries },
]

/** 缴费: the money after it came, one tab a URL. What waits for somebody stands as a number beside it. */
export function Component() {
  const { pathname } = useLocation()
  const navigate = useNavigate()
  const reason = useWhyNoRight('money')
  const { counts } = useTodo()
  const own = tabs.filter(({ money }) => !money || reason === null)
  const open = tabs.find(({ key }) => pathname.startsWith(key))
  return (
    <Page title="缴费" about={reason ?? '每一分钱都能查到：来自哪里，凭什么，去了哪里'}>
      <Tabs
        className="payment-tabs"
        activeKey={open?.key ?? paths.refunds()}
        onChange={(to) => navigate(to)}
        items={own.map((tab) => ({
          key: tab.key,
          label: (
            <>
              {tab.label}
              {tab.todo && <Badge className="payment-todo" count={tab.todo(counts)} />}
            </>
          ),
        }))}
      />
      {open?.money && reason ? <Empty description={reason} /> : <Outlet />}
    </Page>
  )
}
