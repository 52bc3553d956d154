import { Badge, Tabs } from 'antd'
import { Outlet, useLocation, useNavigate } from 'react-router'
import { Page } from '../../parts/Page.tsx'
import { paths } from '../../paths.ts'
import { type TodoCounts, useTodo } from '../../useTodo.ts'
import { useWhyNoRight } from '../../useWhyNoRight.ts'

const tabs = [
  { key: paths.reconciliation(), label: '对账' },
  { key: paths.bills(), label: '账单与差异', todo: (c: TodoCounts) => c.differences },
  { key: paths.refunds(), label: '退款', todo: (c: TodoCounts) => c.refunds + c.refundsStuck },
  { key: paths.proofs(), label: '凭证审核', todo: (c: TodoCounts) => c.proofs },
  { key: paths.deliveries(), label: '发货信息', todo: (c: TodoCounts) => c.deliveries },
] as const

/** 缴费: the money after it came, one tab a URL. What waits for somebody stands as a number beside it. */
export function Component() {
  const { pathname } = useLocation()
  const navigate = useNavigate()
  const reason = useWhyNoRight('money')
  const { counts } = useTodo()
  const open = tabs.find(({ key }) => pathname.startsWith(key))
  return (
    <Page title="缴费" about={reason ?? '每一分钱都能查到：来自哪里，凭什么，去了哪里'}>
      <Tabs
        className="payment-tabs"
        activeKey={open?.key ?? tabs[0].key}
        onChange={(to) => navigate(to)}
        items={tabs.map((tab) => ({
          key: tab.key,
          label: (
            <>
              {tab.label}
              {'todo' in tab && <Badge className="payment-todo" count={tab.todo(counts)} />}
            </>
          ),
        }))}
      />
      <Outlet />
    </Page>
  )
}
