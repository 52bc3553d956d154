import { Button, Empty, Skeleton, Table } from 'antd'
import { useMemo } from 'react'
import { Outlet, useLocation, useNavigate } from 'react-router'
import { useAskPages } from '../../asking.ts'
import { Asked } from '../../parts/Asked.tsx'
import { ListFoot } from '../../parts/ListFoot.tsx'
import { Page } from '../../parts/Page.tsx'
import { paths } from '../../paths.ts'
import { ColumnChoice } from './ColumnChoice.tsx'
import { choosable, columnsFor } from './columns.tsx'
import { ExportButton } from './ExportButton.tsx'
import { Filters } from './Filters.tsx'
import { SavedViews } from './SavedViews.tsx'
import { filterOf, useView, viewOf } from './useView.ts'
import './registrations.scss'

/** 报名 (M2): what people submitted, filtered by the server; one order opens over the list. */
export function Component() {
  const { view, change, open, clear } = useView()
  const filter = filterOf(view)
  const pages = useAskPages('listRegistrations', filter)
  const { search } = useLocation()
  const navigate = useNavigate()
  const rows = useMemo(() => pages.data?.pages.flatMap((page) => page.registrations), [pages.data])
  const ofOne = view.service !== undefined
  const hidden = useMemo(() => view.hide?.split(',') ?? [], [view.hide])
  const columns = useMemo(
    () => columnsFor(rows ?? [], ofOne, search, hidden),
    [rows, ofOne, search, hidden],
  )
  return (
    <Page
      title="报名"
      about="选定一个服务后，报名表的每一项各占一列；网址即视图，可收藏，也可存为自己的视图"
      actions={
        <>
          <SavedViews shown={{ filter, hidden }} open={(saved) => open(viewOf(saved))} />
          <ColumnChoice
            columns={choosable(rows ?? [], ofOne)}
            hidden={hidden}
            change={(off) => change({ hide: off.join(',') || undefined })}
          />
          <ExportButton filter={filter} />
        </>
      }
    >
      <Filters view={view} change={change} />
      <section className="card card-flush">
        <Asked
          query={pages}
          waiting={<Skeleton className="padded" active paragraph={{ rows: 10 }} />}
        >
          {() => (
            <>
              <Table
                rowKey="orderId"
                size="middle"
                columns={columns}
                dataSource={rows}
                pagination={false}
                scroll={{ x: 'max-content' }}
                rowClassName="clickable"
                onRow={({ orderId }) => ({
                  onClick: () => navigate(paths.orderOver('/registrations', orderId, search)),
                })}
                locale={{
                  emptyText:
                    Object.keys(filter).length > 0 ? (
                      <Empty description="没有符合条件的报名">
                        <Button onClick={clear}>清除筛选</Button>
                      </Empty>
                    ) : (
                      <Empty description="还没有报名。有人提交报名表时会出现在这里" />
                    ),
                }}
              />
              <ListFoot pages={pages} shown={rows?.length ?? 0} unit="条" of="报名" />
            </>
          )}
        </Asked>
      </section>
      <Outlet />
    </Page>
  )
}
