import { LogoutOutlined, UserOutlined } from '@ant-design/icons'
import { Button, Dropdown } from 'antd'
import { useNavigate } from 'react-router'
import { useAct } from '../acting.ts'
import { useAsk } from '../asking.ts'
import { paths } from '../paths.ts'
import { leave, useSession } from '../session.ts'

/** Who is signed in, their own account, and the way out. */
export function Person({ short }: { short: boolean }) {
  const name = useSession(({ session }) => session?.person.name)
  const me = useAsk('getConsoleMe', {})
  const navigate = useNavigate()
  const signOut = useAct('deleteConsoleSession', { done: leave })
  return (
    <Dropdown
      trigger={['click']}
      placement="topLeft"
      menu={{
        items: [
          { key: 'me', icon: <UserOutlined />, label: '我的账号' },
          { key: 'leave', icon: <LogoutOutlined />, label: '退出登录' },
        ],
        onClick: ({ key }) => (key === 'me' ? void navigate(paths.me()) : signOut.mutate({})),
      }}
    >
      <Button type="text" block icon={<UserOutlined />} loading={signOut.isPending}>
        {short ? null : (me.data?.name ?? name)}
      </Button>
    </Dropdown>
  )
}
