import { actWords } from '@jiyue/contract/acts'
import type { ConsoleAct } from '@jiyue/contract/schema/acts'
import { Button, Empty, Skeleton, Table } from 'antd'
import { useAskPages } from '../../asking.ts'
import { translated } from '../../english/text.ts'
import { Asked } from '../../parts/Asked.tsx'
import { ListFoot } from '../../parts/ListFoot.tsx'
import { Page } from '../../parts/Page.tsx'
import { Two } from '../../parts/Two.tsx'
import { exactText } from '../../stamp.ts'
import { useWhyNoRight } from '../../useWhyNoRight.ts'
import { Changes, Subjects } from './Changes.tsx'
import { Filters } from './Filters.tsx'
import { filterOf, useView } from './useView.ts'
import './log.scss'

/** 操作记录 (M10): every change made in the console, its before and after, filtered by the server. */
export function Component() {
  const reason = useWhyNoRight('log')
  return (
    <Page title="操作记录" about="谁在什么时候改了什么，改之前与改之后；与修改同时写入，不能删改">
      {reason ? <Empty className="card padded" description={reason} /> : <Acts />}
    </Page>
  )
}

function Acts() {
  const { view, change, clear } = useView()
  const filter = filterOf(view)
  const pages = useAskPages('listActs', filter)
  const acts = pages.data?.pages.flatMap((page) => page.acts) ?? []
  return (
    <>
      <Filters view={view} change={change} people={pages.data?.pages[0]?.people ?? []} />
      <section className="card card-flush">
        <Asked
          query={pages}
          waiting={<Skeleton className="padded" active paragraph={{ rows: 10 }} />}
        >
          {() => (
            <>
              <Table<ConsoleAct>
                rowKey="id"
                size="middle"
                dataSource={acts}
                pagination={false}
                scroll={{ x: 'max-content' }}
                expandable={{
                  expandedRowRender: (act) => <Changes act={act} />,
                  expandRowByClick: true,
                }}
                rowClassName="clickable"
                columns={[
                  { title: '时间', render: (_, act) => exactText(act.at) },
                  {
                    title: '员工',
                    render: (_, act) => <Two first={act.person.name} second={act.address} />,
                  },
                  {
                    title: '操作',
                    render: (_, act) =>
                      (actWords as Record<string, string>)[act.action] ?? act.action,
                  },
                  { title: '对象', render: (_, act) => <Subjects act={act} /> },
                  {
                    title: '原因',
                    className: 'log-reason',
                    render: (_, act) => translated(act.reason ?? ''),
                  },
                ]}
                locale={{
                  emptyText:
                    Object.keys(filter).length > 0 ? (
                      <Empty description="没有符合条件的操作记录">
                        <Button onClick={clear}>清除筛选</Button>
                      </Empty>
                    ) : (
                      <Empty description="还没有操作记录。有人在后台修改内容时会出现在这里" />
                    ),
                }}
              />
              <ListFoot pages={pages} shown={acts.length} unit="条" of="操作记录" />
            </>
          )}
        </Asked>
      </section>
    </>
  )
}
