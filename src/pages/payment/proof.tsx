import { useRouter } from '@tarojs/taro'
import { useEffect } from 'react'
import { stepOf } from '../../flow.ts'
import { pathTo } from '../../lib/paths.ts'
import { Failed } from '../../parts/Failed.tsx'
import { MainButton } from '../../parts/MainButton.tsx'
import { OrderSummary } from '../../parts/OrderSummary.tsx'
import { Card, Columns, Page } from '../../parts/Page.tsx'
import { BoneLines } from '../../parts/Skeleton.tsx'
import { useAll, useLeave, useOnce, useSayNext, useWhileShown } from '../../parts/useApp.ts'
import { app } from '../../phone.ts'
import { createProof, isProvable } from '../../stores/proof.ts'
import { ProofForm } from './ProofForm.tsx'

const words = {
  editing: '提交凭证',
  uploading: '正在上传图片…',
  sending: '正在提交…',
  sent: '已提交',
} as const

/** Money that nobody recognised: a picture for the merchant to look at (P10). */
export default function ProofPage() {
  const { params } = useRouter()
  const sayNext = useSayNext()
  const proof = useOnce(() => createProof(app, params.id ?? ''))
  const state = useAll(proof.store)
  const { order, problem } = useAll(proof.order.store)
  const leave = useLeave()
  useWhileShown(() => {
    void proof.load()
    return proof.order.follow()
  })

  // The money came after all, or a proof is being looked at: the order's page says so.
  const provable = order !== null && isProvable(order)
  const stays = provable || state.stage !== 'editing' || state.problem !== null
  const stands = order !== null && stepOf(order, app.clock.now()).state === 'confirmed'
  useEffect(() => {
    if (!order) return
    if (stands) leave(pathTo.success(order.id))
    else if (!stays) leave(pathTo.order(order.id), 'back')
  }, [order, stands, stays, leave])
  const submit = async () => {
    if (!(await proof.submit())) return
    sayNext('凭证已提交，商家核对后会通知您')
    leave(pathTo.order(params.id ?? ''), 'back')
  }

  if (!order) {
    return (
      <Page onRetry={proof.load}>
        {problem ? (
          <Failed problem={problem} onRetry={proof.load} />
        ) : (
          <Card>
            <BoneLines widths={['40%', '100%', '100%', '60%']} />
          </Card>
        )}
      </Page>
    )
  }
  return (
    <Page onRetry={proof.load}>
      <Columns
        head={<OrderSummary order={order} />}
        side={<ProofForm proof={proof} state={state} />}
        bar={
          <MainButton
            text={words[state.stage]}
            busy={state.stage !== 'editing'}
            disabled={state.stage === 'editing' && !provable}
            onTap={submit}
          />
        }
      />
    </Page>
  )
}
