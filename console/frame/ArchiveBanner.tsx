import { archiveMeans, archiveStates } from '@jiyue/contract/archive'
import { Alert } from 'antd'
import { useAsk } from '../asking.ts'
import { stampText } from '../stamp.ts'

/** Over every page while the database's second place does not follow: since when, why, what it means. */
export function ArchiveBanner() {
  const { data } = useAsk('getAudit', {})
  const broken = data?.archives.find(({ state }) => state !== 'following')
  if (!broken) return null
  const { state, since, reason } = broken
  return (
    <Alert
      className="audit-banner archive-banner"
      type="warning"
      banner
      showIcon
      role="alert"
      title={
        <>
          {`${archiveStates[state]}（自 ${stampText(since)}）：${archiveMeans[state]}`}
          {reason && <small className="archive-reason">{reason}</small>}
        </>
      }
    />
  )
}
