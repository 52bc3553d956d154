import { tabs } from '../../lib/paths.ts'
import { Empty } from '../../parts/Empty.tsx'
import { go } from '../../parts/go.ts'

/** Where an address leads that is none: an old link, a letter too few. */
export default function Missing() {
  return (
    <Empty
      icon="info"
      title="没有找到这个页面"
      hint="链接可能已失效或不完整"
      button="返回首页"
      onTap={() => go.tab(tabs.home)}
    />
  )
}
