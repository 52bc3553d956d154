import { PlusOutlined } from '@ant-design/icons'
import { Empty, Skeleton, Tabs } from 'antd'
import { useState } from 'react'
import { useAsk } from '../../asking.ts'
import { newId } from '../../newId.ts'
import { Asked } from '../../parts/Asked.tsx'
import { Page } from '../../parts/Page.tsx'
import { Reasoned } from '../../parts/Reasoned.tsx'
import { useWhyNoRight } from '../../useWhyNoRight.ts'
import { Accounts } from './Accounts.tsx'
import { EditAccount } from './EditAccount.tsx'
import { Invited } from './Invited.tsx'
import { Rights } from './Rights.tsx'
import './people.scss'

/** 员工: who may sign in to the console, as what, and what each role may do. */
export function Component() {
  const reason = useWhyNoRight('people')
  const people = useAsk('listPeople', {}, { enabled: reason === null })
  const [editing, setEditing] = useState<string | null>(null)
  const [inviting, setInviting] = useState<string | null>(null)
  const all = people.data?.people ?? []
  const edited = all.find(({ id }) => id === editing)
  const invited = all.find(({ id }) => id === inviting)
  return (
    <Page
      title="员工"
      about="能登录商家后台的人。停用后立即退出所有设备"
      actions={
        <Reasoned
          type="primary"
          icon={<PlusOutlined />}
          reason={reason}
          onClick={() => setEditing(newId())}
        >
          邀请员工
        </Reasoned>
      }
    >
      <Tabs
        items={[
          {
            key: 'accounts',
            label: '账号',
            children: reason ? (
              <Empty className="card padded" description={reason} />
            ) : (
              <Asked
                query={people}
                waiting={<Skeleton className="card" active paragraph={{ rows: 6 }} />}
              >
                {(data) => <Accounts people={data.people} edit={setEditing} invite={setInviting} />}
              </Asked>
            ),
          },
          { key: 'rights', label: '角色与权限', children: <Rights /> },
        ]}
      />
      {editing && (
        <EditAccount
          id={editing}
          account={edited}
          close={() => setEditing(null)}
          added={setInviting}
        />
      )}
      {invited && <Invited account={invited} close={() => setInviting(null)} />}
    </Page>
  )
}
