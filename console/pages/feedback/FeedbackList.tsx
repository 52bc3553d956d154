import { Button, Empty, Skeleton, Table } from 'antd'
import { useMemo } from 'react'
import { Link, Outlet, useLocation, useNavigate } from 'react-router'
import { useAskPages } from '../../asking.ts'
import { Asked } from '../../parts/Asked.tsx'
import { ListFoot } from '../../parts/ListFoot.tsx'
import { Page } from '../../parts/Page.tsx'
import { paths } from '../../paths.ts'
import { useWhyNoRight } from '../../useWhyNoRight.ts'
import { columnsFor } from './columns.tsx'
import { Filters } from './Filters.tsx'
import { filterOf, useView } from './useView.ts'
import './feedback.scss'

/** 投诉与建议 (M8): what people told, filtered by the server; one opens over the list. */
export function Component() {
  const reason = useWhyNoRight('care')
  return (
    <Page
      title="投诉与建议"
      about={reason ?? '来自用户端各页面的反馈；超过回复期限的会标出'}
      actions={
        reason === null && (
          <Link to={paths.feedbackCauses()}>
            <Button>原因统计</Button>
          </Link>
        )
      }
    >
      {reason === null ? <List /> : <Empty description={reason} />}
      <Outlet />
    </Page>
  )
}

function List() {
  const { view, change, clear } = useView()
  const filter = filterOf(view)
  const pages = useAskPages('listConsoleFeedback', filter)
  const { search } = useLocation()
  const navigate = useNavigate()
  const [first] = pages.data?.pages ?? []
  const rows = useMemo(() => pages.data?.pages.flatMap((page) => page.feedback), [pages.data])
  const columns = useMemo(() => columnsFor(search), [search])
  return (
    <>
      <Filters view={view} handlers={first?.handlers ?? []} change={change} />
      {first && (
        <p className="quiet feedback-counts">
          待处理 {first.open} 条
          {first.overdue > 0 && <span className="warn-text">，其中 {first.overdue} 条已超时</span>}
        </p>
      )}
      <section className="card card-flush">
        <Asked
          query={pages}
          waiting={<Skeleton className="padded" active paragraph={{ rows: 10 }} />}
        >
          {() => (
            <>
              <Table
                rowKey="id"
                size="middle"
                columns={columns}
                dataSource={rows}
                pagination={false}
                scroll={{ x: 'max-content' }}
                rowClassName="clickable"
                onRow={({ id }) => ({ onClick: () => navigate(paths.oneFeedback(id, search)) })}
                locale={{
                  emptyText:
                    Object.keys(filter).length > 0 ? (
                      <Empty description="没有符合条件的反馈">
                        <Button onClick={clear}>清除筛选</Button>
                      </Empty>
                    ) : (
                      <Empty description="还没有反馈。用户在任一页面提交投诉或建议后会出现在这里" />
                    ),
                }}
              />
              <ListFoot pages={pages} shown={rows?.length ?? 0} unit="条" of="反馈" />
            </>
          )}
        </Asked>
      </section>
    </>
  )
}
