import { methodWords } from '@jiyue/contract/payment'
import { Text, View } from '@tarojs/components'
import { MainButton } from '../../parts/MainButton.tsx'
import { Card } from '../../parts/Page.tsx'
import type { PaymentState, PaymentStore } from '../../stores/payment.ts'
import { QrCode } from './QrCode.tsx'
import './scan.scss'

interface ScanProps {
  payment: PaymentStore
  state: PaymentState
  codeUrl: string
}

/** On a desktop the phone pays: a code to scan; the page moves on by itself. */
export function Scan({ payment, state, codeUrl }: ScanProps) {
  return (
    <Card>
      <View className="scan">
        <Text className="scan__title">{`请用${state.method === 'wechat' ? '微信' : '支付宝'}扫码支付`}</Text>
        <View className="scan__frame">
          <QrCode text={codeUrl} />
        </View>
        <Text className="scan__text">{`支付完成后本页会自动跳转 · ${methodWords[state.method].safety}`}</Text>
        <MainButton look="plain" text="更换支付方式" onTap={payment.again} />
      </View>
    </Card>
  )
}
