import { Alert } from 'antd'
import { Link } from 'react-router'
import { useAsk } from '../asking.ts'
import { paths } from '../paths.ts'

/** Over every page while the books do not agree and nobody has taken note. */
export function AuditBanner() {
  const { data } = useAsk('getAudit', {})
  if (!data || data.unacknowledged === 0) return null
  const stopped = data.stoppedSlots > 0 ? `，${data.stoppedSlots} 个时段已停售` : ''
  return (
    <Alert
      className="audit-banner"
      type="error"
      banner
      showIcon
      role="alert"
      title={`核对发现 ${data.unacknowledged} 项异常${stopped}`}
      action={<Link to={paths.audit()}>查看并处理</Link>}
    />
  )
}
