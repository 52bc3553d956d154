import {
  AccountBookOutlined,
  BarChartOutlined,
  CalendarOutlined,
  CustomerServiceOutlined,
  DashboardOutlined,
  FormOutlined,
  FunnelPlotOutlined,
  HistoryOutlined,
  IdcardOutlined,
  MessageOutlined,
  NotificationOutlined,
  ProfileOutlined,
  SafetyCertificateOutlined,
  ScanOutlined,
  ScheduleOutlined,
  SettingOutlined,
  TeamOutlined,
  UnorderedListOutlined,
} from '@ant-design/icons'
import { Badge, Layout, Menu, type MenuProps } from 'antd'
import { type ReactNode, useState } from 'react'
import { Link, Outlet, useLocation } from 'react-router'
import { useAsk } from '../asking.ts'
import { LiveConnection, useFollow } from '../following.tsx'
import { paths } from '../paths.ts'
import { useWhyNoRight } from '../useWhyNoRight.ts'
import { ArchiveBanner } from './ArchiveBanner.tsx'
import { AuditBanner } from './AuditBanner.tsx'
import { LiveMark } from './LiveMark.tsx'
import { Person } from './Person.tsx'
import { SecondBanner } from './SecondBanner.tsx'
import { useSlashSearches } from './useSlashSearches.ts'

/** The menu, as a day at the desk goes: what comes in, its money, what it tells, what is set once. */
const groups = [
  {
    word: '预约与订单',
    pages: [
      { to: paths.today(), icon: <DashboardOutlined />, word: '今日' },
      { to: paths.orders(), icon: <UnorderedListOutlined />, word: '订单' },
      { to: paths.registrations(), icon: <FormOutlined />, word: '报名' },
      { to: paths.checkIn(), icon: <ScanOutlined />, word: '核销' },
      { to: paths.booking(), icon: <CalendarOutlined />, word: '时段' },
      { to: paths.disruptions(), icon: <NotificationOutlined />, word: '紧急通知' },
    ],
  },
  {
    word: '资金',
    pages: [
      { to: paths.payment(), icon: <AccountBookOutlined />, word: '缴费' },
      { to: paths.audit(), icon: <SafetyCertificateOutlined />, word: '核对' },
    ],
  },
  {
    word: '客户与数据',
    pages: [
      { to: paths.feedback(), icon: <CustomerServiceOutlined />, word: '反馈' },
      { to: paths.messages(), icon: <MessageOutlined />, word: '消息' },
      { to: paths.insight(), icon: <BarChartOutlined />, word: '经营' },
      { to: paths.funnel(), icon: <FunnelPlotOutlined />, word: '漏斗' },
    ],
  },
  {
    word: '服务设置',
    pages: [
      { to: paths.schedules(), icon: <ScheduleOutlined />, word: '排班' },
      { to: paths.resources(), icon: <TeamOutlined />, word: '资源' },
      { to: paths.forms(), icon: <ProfileOutlined />, word: '报名表' },
      { to: paths.settings(), icon: <SettingOutlined />, word: '设置' },
    ],
  },
  {
    word: '团队',
    pages: [
      { to: paths.people(), icon: <IdcardOutlined />, word: '员工' },
      { to: paths.log(), icon: <HistoryOutlined />, word: '操作记录' },
    ],
  },
]
const pages = groups.flatMap((group) => group.pages)

/** What is around every page: the menu, whether news arrive, and who is signed in. */
export function Component() {
  const [narrow, setNarrow] = useState(false)
  const { pathname } = useLocation()
  useSlashSearches()
  return (
    <LiveConnection>
      <FollowConsole />
      <Layout hasSider className="frame">
        <Layout.Sider
          theme="light"
          width={184}
          collapsedWidth={64}
          breakpoint="lg"
          trigger={null}
          collapsed={narrow}
          onBreakpoint={setNarrow}
          className="frame-side"
        >
          <Link to={paths.today()} className="frame-logo" aria-label="即约商家后台">
            <img src={`${import.meta.env.BASE_URL}favicon.svg`} alt="" width={28} height={28} />
            {!narrow && <strong>即约商家</strong>}
          </Link>
          <Menu
            mode="inline"
            aria-label="主菜单"
            selectedKeys={pages.map(({ to }) => to).filter((to) => pathname.startsWith(to))}
            items={groups.flatMap(({ word, pages }): NonNullable<MenuProps['items']> => {
              const items = pages.map((page) => item(page, narrow))
              // Folded to its icons the menu has no room for words: a line parts the groups.
              if (narrow) return [{ type: 'divider', key: word }, ...items]
              return [{ type: 'group', key: word, label: word, children: items }]
            })}
          />
          <div className="frame-foot">
            <LiveMark short={narrow} />
            <Person short={narrow} />
          </div>
        </Layout.Sider>
        <Layout.Content className="frame-page">
          <AuditBanner />
          <ArchiveBanner />
          <SecondBanner />
          <Outlet />
        </Layout.Content>
      </Layout>
    </LiveConnection>
  )
}

function item({ to, icon, word }: (typeof pages)[number], narrow: boolean) {
  const hasBadge = to === paths.payment()
  return {
    key: to,
    icon: hasBadge && narrow ? <ProofBadge>{icon}</ProofBadge> : icon,
    label: (
      // The narrow menu gives its hidden words no width: only a plain link stays in reach.
      // One stop of the tabulator for the whole menu: its arrows go from page to page.
      <Link to={to} tabIndex={-1} className={narrow ? undefined : 'frame-link'}>
        {word}
        {hasBadge && !narrow && <ProofBadge />}
      </Link>
    ),
  }
}

/** The merchant's own lists are followed on every page. */
function FollowConsole() {
  useFollow(['console'])
  return null
}

/** How many proofs wait for a reviewer: somebody has paid and has no seat yet. */
function ProofBadge({ children }: { children?: ReactNode }) {
  const enabled = useWhyNoRight('money') === null
  const { data } = useAsk('listProofs', { query: { state: 'submitted' } }, { enabled })
  const count = data?.waiting ?? 0
  return (
    // Beside the icon of the narrow menu, which cuts off what stands above it.
    <Badge
      count={count}
      size="small"
      {...(children && { offset: [6, 14] })}
      title={`${count} 份凭证待审核`}
    >
      {children}
    </Badge>
  )
}
