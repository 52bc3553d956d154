import { Skeleton } from 'antd'
import { useAsk } from '../../asking.ts'
import { Asked } from '../../parts/Asked.tsx'
import { Page } from '../../parts/Page.tsx'
import { Password } from './Password.tsx'
import { Second } from './Second.tsx'
import { Sessions } from './Sessions.tsx'
import './me.scss'

/** 我的账号: one's password, second step, and where one is signed in. */
export function Component() {
  const me = useAsk('getConsoleMe', {})
  return (
    <Page title="我的账号" about={me.data && `${me.data.name} · 账号 ${me.data.login}`}>
      <Asked query={me} waiting={<Skeleton className="card" active paragraph={{ rows: 8 }} />}>
        {(data) => (
          <div className="me">
            <Second me={data} />
            <Password login={data.login} />
            <Sessions />
          </div>
        )}
      </Asked>
    </Page>
  )
}
