import type { No } from '@jiyue/contract/client'
import { tabs } from '../lib/paths.ts'
import { Empty } from './Empty.tsx'
import { go } from './go.ts'

/** A page whose content could not be read at all. The server's sentence, and a way out. */
export function Failed({ problem, onRetry }: { problem: No; onRetry: () => void }) {
  if (problem.code === 'not_found') {
    return (
      <Empty
        icon="info"
        title={problem.message}
        hint="链接可能已失效，或不属于当前账号"
        button="返回首页"
        onTap={() => go.tab(tabs.home)}
      />
    )
  }
  const lost = problem.unheard
  return (
    <Empty
      icon={lost ? 'signal' : 'info'}
      title={lost ? '暂时连接不上' : problem.message}
      hint={lost ? problem.message : '请稍后重试'}
      button="重试"
      onTap={onRetry}
    />
  )
}
