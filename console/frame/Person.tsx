import { LogoutOutlined, TranslationOutlined, UserOutlined } from '@ant-design/icons'
import { Button, Dropdown } from 'antd'
import { useNavigate } from 'react-router'
import { useAct } from '../acting.ts'
import { useAsk } from '../asking.ts'
import { paths } from '../paths.ts'
import { leave, useSession } from '../session.ts'
import { other, useSwitchLanguage } from './Language.tsx'

/** Who is signed in, their own account, the other language, and the way out. */
export function Person({ short }: { short: boolean }) {
  const name = useSession(({ session }) => session?.person.name)
  const me = useAsk('getConsoleMe', {})
  const navigate = useNavigate()
  const switchLanguage = useSwitchLanguage()
  const signOut = useAct('deleteConsoleSession', { done: leave })
  return (
    <Dropdown
      trigger={['click']}
      placement="topLeft"
      menu={{
        items: [
          { key: 'me', icon: <UserOutlined />, label: '我的账号' },
          { key: 'language', icon: <TranslationOutlined />, label: other.name },
          { key: 'leave', icon: <LogoutOutlined />, label: '退出登录' },
        ],
        onClick({ key }) {
          if (key === 'me') void navigate(paths.me())
          else if (key === 'language') switchLanguage()
          else signOut.mutate({})
        },
      }}
    >
      <Button type="text" block icon={<UserOutlined />} loading={signOut.isPending}>
        {short ? null : (me.data?.name ?? name)}
      </Button>
    </Dropdown>
  )
}
