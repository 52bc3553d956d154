import { CheckCircleOutlined, MailOutlined, StopOutlined } from '@ant-design/icons'
import { type AccountState, accountStateWords, roleWords } from '@jiyue/contract/people'
import type { Account } from '@jiyue/contract/schema/people'
import { Button, Space, Table } from 'antd'
import type { ReactNode } from 'react'
import { Two } from '../../parts/Two.tsx'
import { stampText } from '../../stamp.ts'
import { MoreActions } from './MoreActions.tsx'

interface AccountsProps {
  people: readonly Account[]
  edit: (id: string) => void
  invite: (id: string) => void
}

const looks: Record<AccountState, { look: string; icon: ReactNode }> = {
  active: { look: 'good', icon: <CheckCircleOutlined /> },
  invited: { look: 'wait', icon: <MailOutlined /> },
  inactive: { look: 'over', icon: <StopOutlined /> },
}

/** The accounts, with what each may be done to. */
export function Accounts({ people, edit, invite }: AccountsProps) {
  return (
    <section className="card card-flush">
      <Table<Account>
        rowKey="id"
        dataSource={[...people]}
        pagination={false}
        scroll={{ x: 'max-content' }}
        rowClassName={({ state }) => (state === 'inactive' ? 'account-inactive' : '')}
        columns={[
          { title: '姓名', render: (_, one) => <Two first={one.name} second={one.login} /> },
          { title: '角色', render: (_, one) => roleWords[one.role] },
          { title: '状态', render: (_, one) => <StateOf account={one} /> },
          { title: '两步验证', render: (_, one) => (one.second ? '已开启' : '未开启') },
          {
            title: '登录',
            render: (_, one) => (
              <Two
                first={one.sessions > 0 ? `${one.sessions} 台设备` : '未登录'}
                second={one.seenAt && `最近 ${stampText(one.seenAt)}`}
              />
            ),
          },
          {
            title: '',
            align: 'right',
            render: (_, one) => (
              <Space>
                <Button aria-label={`编辑 ${one.name}`} onClick={() => edit(one.id)}>
                  编辑
                </Button>
                <MoreActions account={one} invite={() => invite(one.id)} />
              </Space>
            ),
          },
        ]}
      />
    </section>
  )
}

function StateOf({ account: { state, invitedUntil } }: { account: Account }) {
  const { look, icon } = looks[state]
  const link = invitedUntil ? `链接有效至 ${stampText(invitedUntil)}` : '链接已失效，请重新发送'
  return (
    <Two
      first={
        <span className={`state state-${look}`} data-state={state}>
          {icon} {accountStateWords[state]}
        </span>
      }
      second={state === 'invited' && link}
    />
  )
}
