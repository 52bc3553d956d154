import { CheckCircleOutlined, CloseCircleOutlined } from '@ant-design/icons'
import { price } from '@jiyue/contract/money'
import { proofStates } from '@jiyue/contract/proof'
import type { ConsoleProof } from '@jiyue/contract/schema/money'
import { Empty, Skeleton, Table, type TableColumnsType } from 'antd'
import { type ReactNode, useMemo } from 'react'
import { useAskPages } from '../../../asking.ts'
import { Asked } from '../../../parts/Asked.tsx'
import { ListFoot } from '../../../parts/ListFoot.tsx'
import { OrderOver } from '../../../parts/OrderOver.tsx'
import { Two } from '../../../parts/Two.tsx'
import { stampText } from '../../../stamp.ts'
import { doerWord } from '../../../words.ts'
import { ProofFacts } from './ProofFacts.tsx'
import { ProofPicture } from './ProofPicture.tsx'

const columns: TableColumnsType<ConsoleProof> = [
  {
    title: '结果',
    render: (_, { state }) => {
      const good = state === 'approved'
      return (
        <span className={`state state-${good ? 'good' : 'over'}`}>
          {good ? <CheckCircleOutlined /> : <CloseCircleOutlined />} {proofStates[state]}
        </span>
      )
    },
  },
  {
    title: '订单',
    render: (_, { orderId, orderNumber, serviceName, person }) => (
      <Two
        first={<OrderOver id={orderId} number={orderNumber} />}
        second={`${serviceName} · ${person}`}
      />
    ),
  },
  { title: '填写金额', align: 'right', render: (_, { paidFen }) => price(paidFen) },
  {
    title: '处理',
    render: (_, { reason, decidedBy, decidedByName, decidedAt }) => (
      <Two
        first={reason ?? (decidedBy === 'payment' ? '款项已自动到账' : '—')}
        second={
          decidedAt && `${doerWord(decidedBy ?? '', decidedByName)} · ${stampText(decidedAt)}`
        }
      />
    ),
  },
]

/** Proofs that were decided, newest first; a row opens to its picture and facts. */
export function Decided({ bar }: { bar: ReactNode }) {
  const query = useAskPages('listProofs', { state: 'decided' })
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.proofs), [query.data])
  return (
    <>
      <div className="filters">{bar}</div>
      <section className="card card-flush">
        <Asked query={query} waiting={<Skeleton className="padded" active />}>
          {() => (
            <>
              <Table
                rowKey="id"
                size="middle"
                columns={columns}
                dataSource={rows}
                pagination={false}
                expandable={{
                  expandRowByClick: true,
                  expandedRowRender: (proof) => (
                    <div className="review">
                      <div className="review-picture">
                        <ProofPicture id={proof.pictureId} />
                      </div>
                      <div className="review-side">
                        <ProofFacts proof={proof} />
                      </div>
                    </div>
                  ),
                }}
                locale={{ emptyText: <Empty description="还没有处理过凭证" /> }}
              />
              <ListFoot pages={query} shown={rows?.length ?? 0} unit="份" of="凭证" />
            </>
          )}
        </Asked>
      </section>
    </>
  )
}
