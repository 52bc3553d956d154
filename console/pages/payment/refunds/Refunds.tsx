import { type RefundState, refundStates } from '@jiyue/contract/payment'
import { Empty, Radio, Skeleton, Table } from 'antd'
import { useMemo, useRef } from 'react'
import { Outlet, useNavigate, useSearchParams } from 'react-router'
import { useAskPages } from '../../../asking.ts'
import { Asked } from '../../../parts/Asked.tsx'
import { ListFoot } from '../../../parts/ListFoot.tsx'
import { useFlash } from '../../../parts/useFlash.ts'
import { paths } from '../../../paths.ts'
import { refundWords } from '../../../words.ts'
import { columns } from './columns.tsx'

const states = [
  { value: '', label: '全部' },
  ...refundStates.map((state) => ({ value: state, label: refundWords[state] })),
]

/** 退款: every refund with its state, newest first; a failed one with what a person may do. */
export function Component() {
  const [search] = useSearchParams()
  const navigate = useNavigate()
  const state = stateOf(search.get('state'))
  const refunds = useAskPages('listRefunds', { ...(state && { state }) })
  const box = useRef<HTMLDivElement>(null)
  const rows = useMemo(() => refunds.data?.pages.flatMap((page) => page.refunds), [refunds.data])
  const marks = useMemo(
    () => rows?.map(({ id, state, tries }) => ({ id, mark: `${state} ${tries}` })),
    [rows],
  )
  useFlash(box, search.toString(), marks)
  return (
    <>
      <search className="filters">
        <Radio.Group
          optionType="button"
          aria-label="退款状态"
          options={states}
          value={state ?? ''}
          onChange={({ target }) =>
            navigate(paths.refunds({ state: target.value || undefined }), { replace: true })
          }
        />
      </search>
      <section className="card card-flush" ref={box}>
        <Asked
          query={refunds}
          waiting={<Skeleton className="padded" active paragraph={{ rows: 8 }} />}
        >
          {() => (
            <>
              <Table
                rowKey="id"
                size="middle"
                columns={columns}
                dataSource={rows}
                pagination={false}
                locale={{ emptyText: <Empty description={nothing(state)} /> }}
              />
              <ListFoot pages={refunds} shown={rows?.length ?? 0} unit="笔" of="退款" />
            </>
          )}
        </Asked>
      </section>
      <Outlet />
    </>
  )
}

function nothing(state: RefundState | undefined): string {
  if (state === 'failed') return '没有失败的退款，一切正常'
  if (state) return `没有「${refundWords[state]}」的退款`
  return '还没有退款。取消预约或在订单中退款后会出现在这里'
}

function stateOf(text: string | null): RefundState | undefined {
  return refundStates.find((state) => state === text)
}
