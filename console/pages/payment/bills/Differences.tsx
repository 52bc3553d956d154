import { type DifferenceState, differenceStates } from '@jiyue/contract/bill'
import { type Method, methods, methodWords } from '@jiyue/contract/payment'
import { Empty, Radio, Select, Skeleton, Tag } from 'antd'
import { useMemo } from 'react'
import { useAskPages } from '../../../asking.ts'
import { dayText } from '../../../month.ts'
import { Asked } from '../../../parts/Asked.tsx'
import { ListFoot } from '../../../parts/ListFoot.tsx'
import { DifferenceRow } from './DifferenceRow.tsx'
import type { View } from './useBillsView.ts'

const states = [
  ...Object.entries(differenceStates).map(([value, label]) => ({ value, label })),
  { value: 'all', label: '全部' },
]

/** Where bills and books do not agree: of the chosen day, or of all days. */
export function Differences({ view }: { view: View }) {
  const { day, method, state, change } = view
  const query = useAskPages('listDifferences', {
    ...(state !== 'all' && { state }),
    ...(method && { method }),
    ...(day && { day }),
  })
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.differences), [query.data])
  return (
    <section className="card card-flush" aria-label="差异">
      <header className="differences-head">
        <h2>差异</h2>
        <Radio.Group
          optionType="button"
          aria-label="差异状态"
          options={states}
          value={state}
          onChange={({ target }) => change({ state: target.value as DifferenceState | 'all' })}
        />
        <Select<Method>
          allowClear
          aria-label="支付方式"
          placeholder="全部方式"
          className="differences-method"
          value={method ?? null}
          options={methods.map((one) => ({ value: one, label: methodWords[one].zh }))}
          onChange={(chosen: Method | undefined) => change({ method: chosen })}
        />
        {day && (
          <Tag closable onClose={() => change({ day: undefined })}>
            仅 {dayText(day)}
          </Tag>
        )}
      </header>
      <Asked query={query} waiting={<Skeleton className="padded" active />}>
        {() => (
          <>
            {rows?.length ? (
              <ul className="rows">
                {rows.map((difference) => (
                  <DifferenceRow key={difference.id} difference={difference} />
                ))}
              </ul>
            ) : (
              <Empty className="padded" description={nothing(view)} />
            )}
            <ListFoot pages={query} shown={rows?.length ?? 0} unit="项" of="差异" />
          </>
        )}
      </Asked>
    </section>
  )
}

function nothing({ state, day, method }: View): string {
  const where = [day && dayText(day), method && methodWords[method].zh].filter(Boolean).join(' ')
  if (state === 'open') return `${where}没有待处理的差异，账单与系统记录一致`
  return `${where}没有${state === 'resolved' ? '已处理的' : ''}差异`
}
