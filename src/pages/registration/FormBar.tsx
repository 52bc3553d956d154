import type { Order } from '@jiyue/contract/schema/wire'
import { View } from '@tarojs/components'
import { stepCount } from '../../lib/formSteps.ts'
import { MainButton } from '../../parts/MainButton.tsx'
import type { Registration, RegistrationState } from '../../stores/registration.ts'
import './formBar.scss'

interface FormBarProps {
  registration: Registration
  state: RegistrationState
  order: Order
  onSubmit: () => void
}

/** On through the steps. Once every answer is right, submitting needs no further step. */
export function FormBar({ registration, state, order, onSubmit }: FormBarProps) {
  const last = state.step >= stepCount(order.form) - 1
  const ready = state.ready && (last || registration.isComplete())
  return (
    <View className="form-bar">
      {state.step > 0 ? (
        <MainButton look="plain" text="上一步" onTap={registration.back} />
      ) : ready && !last ? (
        <MainButton look="plain" text="下一步" onTap={registration.next} />
      ) : null}
      <View className="form-bar__main">
        {ready ? (
          <MainButton text="提交报名" busy={state.submitting} onTap={onSubmit} />
        ) : (
          <MainButton text="下一步" disabled={!state.ready} onTap={registration.next} />
        )}
      </View>
    </View>
  )
}
