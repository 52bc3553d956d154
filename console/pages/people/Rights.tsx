import { CheckOutlined, MinusOutlined } from '@ant-design/icons'
import { may, rights, rightWords, roles, roleWords, secondRights } from '@jiyue/contract/people'
import { Table } from 'antd'
import { Two } from '../../parts/Two.tsx'

/** What each role may do, drawn from the contract's own table: the server asks the same one. */
export function Rights() {
  return (
    <section className="card card-flush">
      <Table
        rowKey="right"
        dataSource={rights.map((right) => ({ right }))}
        pagination={false}
        scroll={{ x: 'max-content' }}
        columns={[
          {
            title: '权限',
            render: (_, { right }) => (
              <Two
                first={rightWords[right]}
                second={secondRights.includes(right) && '需要两步验证'}
              />
            ),
          },
          ...roles.map((role) => ({
            title: roleWords[role],
            align: 'center' as const,
            render: (_: unknown, { right }: { right: (typeof rights)[number] }) =>
              may(role, right) ? (
                <CheckOutlined className="rights-yes" aria-label="可以" />
              ) : (
                <MinusOutlined className="quiet" aria-label="不可以" />
              ),
          })),
        ]}
      />
    </section>
  )
}
