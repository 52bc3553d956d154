import { type DisruptionAnswer, disruptionAnswers, fallbackText } from '@jiyue/contract/disruption'
import { price } from '@jiyue/contract/money'
import { channelWords, unsentReasons } from '@jiyue/contract/reminder'
import type { AffectedOrder, DisruptionDetail } from '@jiyue/contract/schema/disruptions'
import { spanText } from '@jiyue/contract/time'
import { App, Progress as Bar, Empty, Segmented, Skeleton, Table, Tag } from 'antd'
import { Link, Outlet, useLocation, useParams, useSearchParams } from 'react-router'
import { useAct } from '../../acting.ts'
import { useAsk } from '../../asking.ts'
import { Asked } from '../../parts/Asked.tsx'
import { Page } from '../../parts/Page.tsx'
import { Reasoned } from '../../parts/Reasoned.tsx'
import { paths } from '../../paths.ts'
import { stampText } from '../../stamp.ts'
import { useWhyNoRight } from '../../useWhyNoRight.ts'
import { Counts } from './Disruptions.tsx'
import './disruptions.scss'

/** One act (M9): who has answered what, who has not, and asking those by another channel. */
export function Component() {
  const { disruption: id = '' } = useParams()
  const query = useAsk('getDisruption', { params: { id } })
  return (
    <Page
      title={query.data ? `紧急通知：${query.data.reason}` : '紧急通知'}
      about={<Link to={paths.disruptions()}>返回全部紧急通知</Link>}
    >
      <Asked query={query} waiting={<Skeleton active paragraph={{ rows: 10 }} />}>
        {(one) => (
          <>
            <Head one={one} />
            <Orders one={one} />
          </>
        )}
      </Asked>
      <Outlet />
    </Page>
  )
}

function Head({ one }: { one: DisruptionDetail }) {
  const all = Object.values(one.counts).reduce((sum, count) => sum + count, 0)
  const open = one.counts.waiting + one.counts.unpaid
  const refundAt = one.fallback === 'refund' ? one.deadlineAt : one.firstStartsAt
  return (
    <section className="card disruption-head" aria-label="进度">
      <div className="card-head">
        <Counts counts={one.counts} />
        <span className="quiet">
          {one.byName} {stampText(one.actedAt)} 发起
        </span>
      </div>
      <Bar
        percent={all === 0 ? 100 : Math.floor(((all - open) / all) * 100)}
        aria-label={`${all - open} / ${all} 已有结果`}
      />
      <p>{fallbackText({ fallback: one.fallback, deadlineAt: one.deadlineAt, refundAt })}</p>
      {one.note && <p>安排：{one.note}</p>}
      {one.coupon && (
        <p>
          补偿优惠券 {price(one.coupon.offFen)}，有效 {one.coupon.days} 天
        </p>
      )}
      <p className="quiet">
        停止预约：
        {one.fallen
          .map(
            ({ serviceName, startsAt, endsAt }) => `${serviceName} ${spanText(startsAt, endsAt)}`,
          )
          .join('；')}
      </p>
      {one.choices.length > 0 && (
        <p className="quiet">
          可改到：
          {one.choices
            .map(({ startsAt, endsAt, left }) => `${spanText(startsAt, endsAt)}（余 ${left}）`)
            .join('；')}
        </p>
      )}
      <Chases one={one} />
    </section>
  )
}

/** Each channel once: what it was not tried for yet. */
function Chases({ one }: { one: DisruptionDetail }) {
  const { message } = App.useApp()
  const why = useWhyNoRight('disruption')
  const chase = useAct('putChase', {
    done: ({ asked }) =>
      message.success(asked > 0 ? `正在再次通知 ${asked} 人` : '没有需要再通知的人'),
  })
  if (one.counts.waiting === 0) return null
  return (
    <div className="disruption-chases">
      <span>换渠道再通知未答复的 {one.counts.waiting} 人：</span>
      {one.chases.map(({ channel, open, asked }) => (
        <Reasoned
          key={channel}
          size="small"
          reason={
            why ?? (open > 0 ? null : asked > 0 ? '已用此渠道再次通知' : '首次通知时已用过此渠道')
          }
          loading={chase.isPending && chase.variables.params.channel === channel}
          onClick={() => chase.mutate({ params: { id: one.id, channel } })}
        >
          {channelWords[channel]}
          {open > 0 && `（${open}）`}
        </Reasoned>
      ))}
    </div>
  )
}

type Shown = 'all' | 'open' | 'done'
const isOpen = ({ answer }: AffectedOrder) => answer === 'waiting' || answer === 'unpaid'

function Orders({ one }: { one: DisruptionDetail }) {
  const [search, setSearch] = useSearchParams()
  const shown = (search.get('show') ?? 'all') as Shown
  const rows = one.orders.filter((row) => shown === 'all' || isOpen(row) === (shown === 'open'))
  // The list ends where nobody looks through it any more; the counts do not.
  const all = Object.values(one.counts).reduce((sum, count) => sum + count, 0)
  const open = one.counts.waiting + one.counts.unpaid
  return (
    <section className="card card-flush" aria-label="受影响的订单">
      <div className="disruption-tabs">
        <Segmented<Shown>
          value={shown}
          options={[
            { value: 'all', label: `全部 ${all}` },
            { value: 'open', label: `未答复 ${open}` },
            { value: 'done', label: `已有结果 ${all - open}` },
          ]}
          onChange={(next) => setSearch(next === 'all' ? {} : { show: next }, { replace: true })}
        />
        {one.orders.length < all && (
          <span className="quiet">{`列出 ${one.orders.length} 个，未答复的在前`}</span>
        )}
      </div>
      <Table
        rowKey="orderId"
        size="middle"
        dataSource={rows}
        columns={columns}
        pagination={{ pageSize: 20, showSizeChanger: false, hideOnSinglePage: true }}
        scroll={{ x: 'max-content' }}
        locale={{
          emptyText: (
            <Empty
              description={
                one.orders.length === 0 ? '这些时段没有订单，仅停止了预约' : '没有符合条件的订单'
              }
            />
          ),
        }}
      />
    </section>
  )
}

const columns = [
  { title: '订单', render: (row: AffectedOrder) => <OrderLink row={row} /> },
  {
    title: '用户',
    render: ({ person, phoneMasked, party }: AffectedOrder) => (
      <span className="two">
        <span>{person}</span>
        <span className="quiet">{[phoneMasked, `${party} 人`].filter(Boolean).join(' · ')}</span>
      </span>
    ),
  },
  {
    title: '原时段',
    render: ({ serviceName, startsAt, endsAt }: AffectedOrder) => (
      <span className="two">
        <span>{serviceName}</span>
        <span className="quiet">{spanText(startsAt, endsAt)}</span>
      </span>
    ),
  },
  { title: '答复', render: (row: AffectedOrder) => <Answer row={row} /> },
  { title: '通知', render: ({ sends }: AffectedOrder) => <Sends sends={sends} /> },
  {
    title: '现存款项',
    align: 'right' as const,
    render: ({ keptFen }: AffectedOrder) => price(keptFen),
  },
]

function OrderLink({ row }: { row: AffectedOrder }) {
  const { pathname, search } = useLocation()
  const base = pathname.replace(/\/order\/.*$/, '')
  return <Link to={paths.orderOver(base, row.orderId, search)}>{row.number}</Link>
}

const colors: Partial<Record<DisruptionAnswer, string>> = { waiting: 'orange', moved: 'green' }

function Answer({ row }: { row: AffectedOrder }) {
  const { answer, answeredAt, movedTo, refundAt } = row
  return (
    <span className="two">
      <span>
        <Tag color={colors[answer]}>{disruptionAnswers[answer]}</Tag>
      </span>
      <span className="quiet">
        {movedTo
          ? `→ ${spanText(movedTo.startsAt, movedTo.endsAt)}`
          : answer === 'waiting'
            ? `${stampText(refundAt)} 自动退款`
            : answeredAt && stampText(answeredAt)}
      </span>
    </span>
  )
}

function Sends({ sends }: { sends: AffectedOrder['sends'] }) {
  if (sends.length === 0) return <span className="quiet">等待发送</span>
  const told = sends.filter(({ state }) => state === 'sent')
  const failed = sends.filter(({ state }) => state === 'unsent')
  return (
    <span className="two">
      <span>{told.map(({ channel }) => channelWords[channel]).join('、') || '—'}</span>
      {failed.map(({ channel, reason }) => (
        <span key={channel} className="quiet">
          {`${channelWords[channel]}：${reason ? unsentReasons[reason] : '未发送'}`}
        </span>
      ))}
    </span>
  )
}
