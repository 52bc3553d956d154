import { Empty, Radio, Skeleton } from 'antd'
import { useMemo, useState } from 'react'
import { useAskPages } from '../../asking.ts'
import { Asked } from '../../parts/Asked.tsx'
import { ListFoot } from '../../parts/ListFoot.tsx'
import { FindingRow } from './FindingRow.tsx'

const states = [
  { value: 'open', label: '待处理' },
  { value: 'all', label: '全部' },
] as const
type State = (typeof states)[number]['value']

/** What the auditor found, newest first. */
export function Findings() {
  const [state, setState] = useState<State>('open')
  const query = useAskPages('listFindings', { state })
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.findings), [query.data])
  return (
    <section className="card card-flush" aria-label="核对异常">
      <header className="differences-head">
        <h2>核对异常</h2>
        <Radio.Group
          optionType="button"
          aria-label="异常状态"
          options={[...states]}
          value={state}
          onChange={({ target }) => setState(target.value as State)}
        />
      </header>
      <Asked query={query} waiting={<Skeleton className="padded" active />}>
        {() => (
          <>
            {rows?.length ? (
              <ul className="rows">
                {rows.map((finding) => (
                  <FindingRow key={finding.id} finding={finding} />
                ))}
              </ul>
            ) : (
              <Empty
                className="padded"
                description={
                  state === 'open'
                    ? '核对无误，名额、款项与状态都一致，无需操作'
                    : '至今没有发现过异常'
                }
              />
            )}
            <ListFoot pages={query} shown={rows?.length ?? 0} unit="项" of="异常" />
          </>
        )}
      </Asked>
    </section>
  )
}
