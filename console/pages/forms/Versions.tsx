import type { FormVersion } from '@jiyue/contract/schema/form'
import { Button } from 'antd'
import { Reasoned } from '../../parts/Reasoned.tsx'
import { stampText } from '../../stamp.ts'
import { useWhyNoRight } from '../../useWhyNoRight.ts'

interface VersionsProps {
  versions: readonly FormVersion[]
  /** The one that is looked at instead of the draft. */
  seen: FormVersion | null
  onSee: (version: FormVersion) => void
  onRestore: (version: FormVersion) => void
}

/** What was published when and by whom; each can be looked at, and taken as a new draft. */
export function Versions({ versions, seen, onSee, onRestore }: VersionsProps) {
  const noRight = useWhyNoRight('forms')
  return (
    <section className="card form-versions" aria-label="版本记录">
      <h2>版本记录</h2>
      <ol>
        {versions.map((one, at) => (
          <li key={one.version} data-on={seen?.version === one.version}>
            <span className="two">
              <span>
                {`第 ${one.version} 版 · ${one.fields.length} 项`}
                {at === 0 && <span className="state state-good form-now">使用中</span>}
              </span>
              <small className="quiet">
                {`${stampText(one.publishedAt)} · ${one.publishedBy ?? '系统初始'}`}
              </small>
            </span>
            <Button type="link" size="small" onClick={() => onSee(one)}>
              查看
            </Button>
            {at > 0 && (
              <Reasoned type="link" size="small" reason={noRight} onClick={() => onRestore(one)}>
                以此为草稿
              </Reasoned>
            )}
          </li>
        ))}
      </ol>
    </section>
  )
}
