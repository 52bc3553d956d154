import type { No } from '@jiyue/contract/client'
import { Empty } from './Empty.tsx'

/** A page whose content could not be read at all. The server's sentence, and a way out. */
export function Failed({ problem, onRetry }: { problem: No; onRetry: () => void }) {
  const lost = problem.unheard
  return (
    <Empty
      icon={lost ? 'signal' : 'info'}
      title={lost ? '暂时连接不上' : problem.message}
      hint={lost ? problem.message : '请重试，或返回首页'}
      button="重试"
      onTap={onRetry}
    />
  )
}
