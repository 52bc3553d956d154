import { type Method, methodWords, safetyNote } from '@jiyue/contract/payment'
import { Text, View } from '@tarojs/components'
import { Icon } from '../../parts/Icon.tsx'
import { Card } from '../../parts/Page.tsx'
import { Tap } from '../../parts/Tap.tsx'
import type { PaymentState, PaymentStore } from '../../stores/payment.ts'
import './methods.scss'

const marks: Record<Method, string> = { wechat: '微', alipay: '支' }

/** The ways to pay here, each with its promise (P1 P8). */
export function Methods({ payment, state }: { payment: PaymentStore; state: PaymentState }) {
  return (
    <Card title="支付方式">
      <View {...{ role: 'radiogroup', 'aria-label': '支付方式' }}>
        {payment.methods.map((method) => (
          <MethodRow
            key={method}
            method={method}
            chosen={method === state.method}
            disabled={state.phase !== 'choosing'}
            onTap={() => payment.choose(method)}
          />
        ))}
      </View>
      {(state.word ?? state.problem) ? (
        <View className="methods__word" {...{ role: 'alert' }}>
          <Icon name="info" />
          <Text className="methods__sentence">{state.problem?.message ?? state.word}</Text>
        </View>
      ) : null}
      <View className="methods__safety">
        <Icon name="shield" />
        <Text className="methods__sentence">{safetyNote}</Text>
      </View>
    </Card>
  )
}

function MethodRow(props: {
  method: Method
  chosen: boolean
  disabled: boolean
  onTap: () => void
}) {
  const { zh, safety } = methodWords[props.method]
  return (
    <Tap
      role="radio"
      chosen={props.chosen}
      disabled={props.disabled}
      className="methods__row"
      label={`${zh} ${safety}`}
      onTap={props.onTap}
    >
      <Text className={`methods__mark methods__mark--${props.method}`}>{marks[props.method]}</Text>
      <View className="methods__body">
        <Text className="methods__name">{zh}</Text>
        <Text className="methods__note">{safety}</Text>
      </View>
      <View className={`methods__dot ${props.chosen ? 'methods__dot--on' : ''}`}>
        {props.chosen ? <Icon name="check" size={14} /> : null}
      </View>
    </Tap>
  )
}
