import Taro, { useRouter, useUnload } from '@tarojs/taro'
import { useEffect } from 'react'
import { stepOf } from '../../flow.ts'
import { pathOfStep } from '../../lib/paths.ts'
import { Failed } from '../../parts/Failed.tsx'
import { Gone } from '../../parts/Gone.tsx'
import { HoldStrip } from '../../parts/HoldStrip.tsx'
import { OrderSummary } from '../../parts/OrderSummary.tsx'
import { Card, Columns, Page } from '../../parts/Page.tsx'
import { BoneLines } from '../../parts/Skeleton.tsx'
import { useAll, useLeave, useOnce, useSayNext, useWhileShown } from '../../parts/useApp.ts'
import { app } from '../../phone.ts'
import { createRegistration } from '../../stores/registration.ts'
import { FormBar } from './FormBar.tsx'
import { FormCard } from './FormCard.tsx'

/** Step 2: the form of a held order. */
export default function RegistrationPage() {
  const { params } = useRouter()
  const sayNext = useSayNext()
  const registration = useOnce(() => createRegistration(app, params.id ?? ''))
  const state = useAll(registration.store)
  const leave = useLeave()
  const { order, problem } = useAll(registration.order.store)
  useWhileShown(() => {
    void registration.load()
    const end = registration.follow()
    return () => {
      end()
      registration.leave()
    }
  })
  useUnload(() => {
    if (registration.isUnfinished()) sayNext('您的报名信息已保存，下次进入可继续填写')
  })

  // Paid on another device, cancelled by the merchant: the order knows where it belongs.
  const step = order && !state.submitting ? stepOf(order, app.clock.now()).step : null
  useEffect(() => {
    if (!order || step === null || step === 'registration' || step === 'booking') return
    leave(pathOfStep(step, order, false))
  }, [order, step, leave])

  const submit = async () => {
    // A registered order belongs on the payment page: the effect above takes it there.
    if (await registration.submit()) return
    const wrong = Object.keys(registration.store.getState().errors)[0]
    if (wrong)
      await Taro.pageScrollTo({ selector: `#field-${wrong.split('.')[0]}`, offsetTop: -16 })
  }

  if (!order) {
    return (
      <Page onRetry={registration.load}>
        {problem ? (
          <Failed problem={problem} onRetry={registration.load} />
        ) : (
          <Card>
            <BoneLines widths={['40%', '100%', '100%', '100%', '60%']} />
          </Card>
        )}
      </Page>
    )
  }
  if (state.gone) {
    return (
      <Page onRetry={registration.load}>
        <Columns head={<OrderSummary order={order} />} side={<Gone order={order} />} />
      </Page>
    )
  }
  return (
    <Page onRetry={registration.load}>
      <Columns
        head={
          <>
            {order.heldUntil ? (
              <HoldStrip
                until={order.heldUntil}
                label="名额已为您保留"
                rule={state.service?.holdRule}
                onEnd={() => void registration.load()}
              />
            ) : null}
            <OrderSummary order={order} />
          </>
        }
        side={<FormCard registration={registration} state={state} order={order} />}
        bar={<FormBar registration={registration} state={state} order={order} onSubmit={submit} />}
      />
    </Page>
  )
}
