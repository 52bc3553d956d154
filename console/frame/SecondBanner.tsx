import { may, secondRights } from '@jiyue/contract/people'
import { Alert } from 'antd'
import { Link, useLocation } from 'react-router'
import { useAsk } from '../asking.ts'
import { paths } from '../paths.ts'

/** Over every page while somebody's rights wait for a second step: what is off, and where to turn it on. */
export function SecondBanner() {
  const { data } = useAsk('getConsoleMe', {})
  const { pathname } = useLocation()
  const waits = data && !data.proven && secondRights.some((right) => may(data.role, right))
  if (!waits || pathname === paths.me()) return null
  return (
    <Alert
      className="audit-banner"
      type="warning"
      banner
      showIcon
      title="开启两步验证后，才能处理款项和管理员工账号"
      action={<Link to={paths.me('second')}>去开启</Link>}
    />
  )
}
