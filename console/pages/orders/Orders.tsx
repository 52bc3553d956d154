import { Button, Empty, Skeleton, Table } from 'antd'
import { useMemo, useRef } from 'react'
import { Outlet, useLocation, useNavigate } from 'react-router'
import { Asked } from '../../parts/Asked.tsx'
import { ListFoot } from '../../parts/ListFoot.tsx'
import { Page } from '../../parts/Page.tsx'
import { useFlash } from '../../parts/useFlash.ts'
import { paths } from '../../paths.ts'
import { columns } from './columns.tsx'
import { Filters } from './Filters.tsx'
import { markOf } from './orderMark.ts'
import { useFilter } from './useFilter.ts'
import { useOrders } from './useOrders.ts'

/** 订单: a live list; the filter is in the URL, and one order opens over it (OrderDrawer). */
export function Component() {
  const { filter, change } = useFilter()
  const orders = useOrders(filter)
  const { search } = useLocation()
  const navigate = useNavigate()
  const box = useRef<HTMLDivElement>(null)
  const rows = useMemo(() => orders.data?.pages.flatMap((page) => page.orders), [orders.data])
  const marks = useMemo(() => rows?.map((row) => ({ id: row.id, mark: markOf(row) })), [rows])
  useFlash(box, search, marks)
  const filtered = Object.values(filter).some(Boolean)
  return (
    <Page title="订单" about="新订单与状态变化自动出现，无需刷新">
      <Filters filter={filter} change={change} />
      <section className="card card-flush" ref={box}>
        <Asked
          query={orders}
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
                onRow={({ id }) => ({ onClick: () => navigate(paths.order(id, search)) })}
                locale={{
                  emptyText: filtered ? (
                    <Empty description="没有符合条件的订单">
                      <Button onClick={() => change({}, 'all')}>清除筛选</Button>
                    </Empty>
                  ) : (
                    <Empty description="还没有订单。有人预约时会立刻出现在这里" />
                  ),
                }}
              />
              <ListFoot pages={orders} shown={rows?.length ?? 0} unit="个" of="订单" />
            </>
          )}
        </Asked>
      </section>
      <Outlet />
    </Page>
  )
}
