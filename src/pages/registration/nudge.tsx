import { useRouter } from '@tarojs/taro'
import { FieldView } from '../../fields/FieldView.tsx'
import { pathTo } from '../../lib/paths.ts'
import { Empty } from '../../parts/Empty.tsx'
import { Failed } from '../../parts/Failed.tsx'
import { go } from '../../parts/go.ts'
import { MainButton } from '../../parts/MainButton.tsx'
import { OrderSummary } from '../../parts/OrderSummary.tsx'
import { Card, Columns, Page } from '../../parts/Page.tsx'
import { Problem } from '../../parts/Problem.tsx'
import { BoneLines } from '../../parts/Skeleton.tsx'
import { useAll, useOnce, useSayNext, useWhileShown } from '../../parts/useApp.ts'
import { app } from '../../phone.ts'
import { createNudge } from '../../stores/nudge.ts'

/** The very field that the merchant asked for (R10). */
export default function NudgePage() {
  const { params } = useRouter()
  const orderId = params.id ?? ''
  const sayNext = useSayNext()
  const nudge = useOnce(() => createNudge(app, orderId, params.nudge ?? ''))
  const state = useAll(nudge.store)
  const { order, problem } = useAll(nudge.order.store)
  useWhileShown(() => {
    void nudge.load()
    return nudge.order.follow()
  })
  const asked = nudge.asked()
  const toOrder = () => void go.back(pathTo.order(orderId))
  const send = async () => {
    if (!(await nudge.send())) return
    sayNext('已补充，感谢您的配合')
    toOrder()
  }

  if (!order) {
    return (
      <Page onRetry={nudge.load}>
        {problem ? (
          <Failed problem={problem} onRetry={nudge.load} />
        ) : (
          <Card>
            <BoneLines widths={['40%', '100%', '60%']} />
          </Card>
        )}
      </Page>
    )
  }
  if (!asked) {
    return (
      <Page onRetry={nudge.load}>
        <Empty
          icon="check"
          title={state.done ? '已补充' : '无需补充'}
          hint={state.done ? '商家已收到您的信息' : '该信息已补充，或商家已撤回'}
          button="查看订单"
          onTap={toOrder}
        />
      </Page>
    )
  }
  return (
    <Page onRetry={nudge.load}>
      <Columns
        head={<OrderSummary order={order} />}
        side={
          <Card title={asked.note}>
            <FieldView
              field={asked.field}
              state={{ ...state, values: { [asked.field.id]: { value: state.value, at: '' } } }}
              coverage={state.service?.coverage ?? null}
              registration={nudge}
            />
            <Problem text={state.problem?.message ?? null} />
          </Card>
        }
        bar={<MainButton text="提交" busy={state.busy} onTap={() => void send()} />}
      />
    </Page>
  )
}
