import { type DisruptionAnswer, disruptionAnswers } from '@jiyue/contract/disruption'
import type { DisruptionSummary } from '@jiyue/contract/schema/disruptions'
import { Button, Empty, Skeleton, Table, Tag } from 'antd'
import { Link, useNavigate } from 'react-router'
import { useAskPages } from '../../asking.ts'
import { Asked } from '../../parts/Asked.tsx'
import { ListFoot } from '../../parts/ListFoot.tsx'
import { Page } from '../../parts/Page.tsx'
import { Reasoned } from '../../parts/Reasoned.tsx'
import { paths } from '../../paths.ts'
import { stampText } from '../../stamp.ts'
import { useWhyNoRight } from '../../useWhyNoRight.ts'
import './disruptions.scss'

/** 紧急通知 (M9): acts of the desk, and how many have answered each. */
export function Component() {
  const query = useAskPages('listDisruptions', {})
  const rows = query.data?.pages.flatMap(({ disruptions }) => disruptions)
  const reason = useWhyNoRight('disruption')
  const navigate = useNavigate()
  return (
    <Page
      title="紧急通知"
      about="时段无法提供服务时，一次通知所有受影响的用户；每人可改期或全额退款"
      actions={
        <Reasoned type="primary" reason={reason} onClick={() => navigate(paths.newDisruption())}>
          发起紧急通知
        </Reasoned>
      }
    >
      <section className="card card-flush">
        <Asked
          query={query}
          waiting={<Skeleton className="padded" active paragraph={{ rows: 6 }} />}
        >
          {() => (
            <>
              <Table
                rowKey="id"
                size="middle"
                pagination={false}
                scroll={{ x: 'max-content' }}
                dataSource={rows}
                columns={columns}
                locale={{
                  emptyText: (
                    <Empty description="还没有紧急通知。时段因故取消时，从这里一次通知所有人">
                      {reason === null && (
                        <Button onClick={() => navigate(paths.newDisruption())}>选择时段</Button>
                      )}
                    </Empty>
                  ),
                }}
              />
              <ListFoot pages={query} shown={rows?.length ?? 0} unit="次" of="紧急通知" />
            </>
          )}
        </Asked>
      </section>
    </Page>
  )
}

const columns = [
  {
    title: '原因',
    render: (one: DisruptionSummary) => (
      <Link to={paths.disruption(one.id)}>
        <strong>{one.reason}</strong>
      </Link>
    ),
  },
  {
    title: '时段',
    render: (one: DisruptionSummary) =>
      `${one.services.join('、')}，共 ${one.slots} 个，最早 ${stampText(one.firstStartsAt)}`,
  },
  { title: '答复', render: (one: DisruptionSummary) => <Counts counts={one.counts} /> },
  { title: '截止', render: (one: DisruptionSummary) => stampText(one.deadlineAt) },
  {
    title: '发起',
    render: (one: DisruptionSummary) => (
      <span className="quiet">{`${one.byName ?? '—'} ${stampText(one.actedAt)}`}</span>
    ),
  },
]

const colors: Partial<Record<DisruptionAnswer, string>> = {
  waiting: 'orange',
  moved: 'green',
  refunded: 'blue',
  by_rule: 'blue',
}

/** How many orders came to what, the open ones first; nothing where nobody was affected. */
export function Counts({ counts }: { counts: DisruptionSummary['counts'] }) {
  const some = (Object.keys(disruptionAnswers) as DisruptionAnswer[]).filter(
    (answer) => counts[answer] > 0,
  )
  if (some.length === 0) return <span className="quiet">无人受影响</span>
  return (
    <span className="disruption-counts">
      {some.map((answer) => (
        <Tag key={answer} color={colors[answer]}>
          {disruptionAnswers[answer]} {counts[answer]}
        </Tag>
      ))}
    </span>
  )
}
