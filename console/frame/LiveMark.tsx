import { Tooltip } from 'antd'
import { useLiveState } from '../following.tsx'

/** Whether what is on screen is the present. Text or tooltip too, never colour alone. */
export function LiveMark({ short }: { short: boolean }) {
  const up = useLiveState((state) => state.up)
  const word = up ? '实时更新中' : '正在重新连接…'
  return (
    <Tooltip title={short ? word : undefined} placement="right">
      <output className={up ? 'live-mark live-mark-up' : 'live-mark'} aria-label={word}>
        <i aria-hidden />
        {!short && word}
      </output>
    </Tooltip>
  )
}
