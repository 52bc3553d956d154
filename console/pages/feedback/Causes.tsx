import { feedbackCauses, feedbackCauseWords } from '@jiyue/contract/feedback'
import type { Reply } from '@jiyue/contract/schema/wire'
import { addDays, type Day, dayOf } from '@jiyue/contract/time'
import { Button, Empty, Segmented, Skeleton, Table } from 'antd'
import { useNavigate, useSearchParams } from 'react-router'
import { useAsk } from '../../asking.ts'
import { serverNow } from '../../clock.ts'
import { readSpan } from '../../month.ts'
import { Asked } from '../../parts/Asked.tsx'
import { Bars } from '../../parts/Bars.tsx'
import { DayRange } from '../../parts/DayRange.tsx'
import { Page } from '../../parts/Page.tsx'
import { type Per, paths } from '../../paths.ts'
import { useWhyNoRight } from '../../useWhyNoRight.ts'
import './feedback.scss'

type Answer = Reply<'getFeedbackCauses'>

const pers: { value: Per; label: string }[] = [
  { value: 'day', label: '按日' },
  { value: 'week', label: '按周' },
  { value: 'month', label: '按月' },
]

/** 原因统计 (M8): why people complain, by time; what lies in the URL can be kept as a link. */
export function Component() {
  const reason = useWhyNoRight('care')
  const [search] = useSearchParams()
  const navigate = useNavigate()
  const today = dayOf(serverNow())
  const per = pers.find(({ value }) => value === search.get('per'))?.value ?? 'week'
  const [from, to] = readSpan(search, [addDays(today, -29), today])
  const show = (part: { per?: Per; from?: Day; to?: Day }) =>
    navigate(paths.feedbackCauses({ per, from, to, ...part }), { replace: true })
  const query = useAsk(
    'getFeedbackCauses',
    { query: { from, to, per } },
    { enabled: reason === null },
  )
  return (
    <Page
      title="原因统计"
      about={reason ?? '已办结的反馈，按办结时选择的原因'}
      actions={<Button onClick={() => navigate(paths.feedback())}>返回列表</Button>}
    >
      {reason !== null && <Empty description={reason} />}
      {reason === null && (
        <>
          <search className="filters">
            <Segmented value={per} options={pers} onChange={(value) => show({ per: value })} />
            <DayRange from={from} to={to} onChange={(from, to) => show({ from, to })} />
          </search>
          <Asked query={query} waiting={<Skeleton active paragraph={{ rows: 8 }} />}>
            {(data) => <Counted data={data} />}
          </Asked>
        </>
      )}
    </Page>
  )
}

function Counted({ data }: { data: Answer }) {
  const sums = feedbackCauses
    .map((cause) => ({ cause, count: sumOf(data.causes.filter((one) => one.cause === cause)) }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count)
  const most = sums[0]?.count ?? 1
  const starts = [...new Set(data.causes.map(({ start }) => start))].sort().reverse()
  return (
    <>
      <section className="card feedback-totals">
        <Total word="收到" value={`${data.came} 条`} />
        <Total word="办结" value={`${sumOf(data.causes)} 条`} />
        <Total word="超时" value={`${data.late} 条`} />
        <Total
          word="首次回复用时（中位数）"
          value={data.replyMinutes === null ? '—' : minutesText(data.replyMinutes)}
        />
      </section>
      {sums.length === 0 ? (
        <section className="card">
          <Empty description="这段时间没有办结的反馈，换一个时间范围看看" />
        </section>
      ) : (
        <>
          <section className="card">
            <h2>原因</h2>
            <Bars
              rows={sums.map(({ cause, count }) => ({
                word: feedbackCauseWords[cause],
                share: count / most,
                says: String(count),
              }))}
            />
          </section>
          <section className="card card-flush">
            <Table
              rowKey="start"
              size="middle"
              pagination={false}
              scroll={{ x: 'max-content' }}
              dataSource={starts.map((start) => ({ start }))}
              columns={[
                { title: '起始日', dataIndex: 'start', fixed: 'left' },
                ...sums.map(({ cause }) => ({
                  title: feedbackCauseWords[cause],
                  align: 'right' as const,
                  render: (_: unknown, { start }: { start: string }) =>
                    sumOf(
                      data.causes.filter((one) => one.cause === cause && one.start === start),
                    ) || <span className="quiet">0</span>,
                })),
                {
                  title: '合计',
                  align: 'right',
                  render: (_, { start }) => sumOf(data.causes.filter((one) => one.start === start)),
                },
              ]}
            />
          </section>
        </>
      )}
    </>
  )
}

function Total({ word, value }: { word: string; value: string }) {
  return (
    <span className="two">
      <small className="quiet">{word}</small>
      <strong>{value}</strong>
    </span>
  )
}

const sumOf = (causes: Answer['causes']) => causes.reduce((sum, { count }) => sum + count, 0)

const minutesText = (minutes: number) =>
  minutes < 120 ? `${minutes} 分钟` : `${Math.round(minutes / 60)} 小时`
