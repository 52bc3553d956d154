import { serviceKindWords } from '@jiyue/contract/booking'
import { formBudgets } from '@jiyue/contract/form'
import type { Reply } from '@jiyue/contract/schema/wire'
import { Skeleton, Table, type TableColumnsType } from 'antd'
import { Link } from 'react-router'
import { useAsk } from '../../asking.ts'
import { Asked } from '../../parts/Asked.tsx'
import { Page } from '../../parts/Page.tsx'
import { Two } from '../../parts/Two.tsx'
import { paths } from '../../paths.ts'
import { stampText } from '../../stamp.ts'

type Row = Reply<'listForms'>['forms'][number]

const columns: TableColumnsType<Row> = [
  {
    title: '服务',
    render: (_, { service }) => (
      <Two
        first={<Link to={paths.form(service.id)}>{service.name}</Link>}
        second={serviceKindWords[service.kind]}
      />
    ),
  },
  {
    title: '填写项',
    render: (_, { service, fieldCount }) => `${fieldCount} / ${formBudgets[service.kind]} 项`,
  },
  {
    title: '当前版本',
    render: (_, { version, publishedAt }) => (
      <Two first={`第 ${version} 版`} second={`${stampText(publishedAt)} 发布`} />
    ),
  },
  {
    title: '草稿',
    render: (_, { hasDraft }) =>
      hasDraft ? <span className="state state-wait">有未发布的修改</span> : '—',
  },
  {
    title: '',
    align: 'right',
    render: (_, { service }) => <Link to={paths.form(service.id)}>编辑</Link>,
  },
]

/** 报名表: each service's form, its version, and whether a draft waits. */
export function Component() {
  const query = useAsk('listForms', {})
  return (
    <Page title="报名表" about="修改先存为草稿，预览后发布为新版本；已有报名保留当时的表单">
      <section className="card card-flush">
        <Asked query={query} waiting={<Skeleton className="padded" active />}>
          {({ forms }) => (
            <Table
              rowKey={({ service }) => service.id}
              columns={columns}
              dataSource={forms}
              pagination={false}
              size="medium"
              locale={{ emptyText: '还没有服务，先添加服务再设置报名表' }}
            />
          )}
        </Asked>
      </section>
    </Page>
  )
}
