import { Text, View } from '@tarojs/components'
import { useRouter } from '@tarojs/taro'
import { Line } from '../../fields/Line.tsx'
import { MainButton } from '../../parts/MainButton.tsx'
import { Card, Columns, Page } from '../../parts/Page.tsx'
import { useAll, useOnce, useWhileShown } from '../../parts/useApp.ts'
import { app } from '../../phone.ts'
import {
  createVerification,
  type Verification,
  type VerificationState,
} from '../../stores/receipt.ts'
import './receipt.scss'
import { Valid } from './Valid.tsx'

/** Is this receipt real? By the QR code on it, or by its code typed (P9). Anyone may ask. */
export default function ReceiptPage() {
  const { params } = useRouter()
  const code = params.code ?? ''
  const verification = useOnce(() => createVerification(app, decodeURIComponent(code)))
  const state = useAll(verification.store)
  useWhileShown(() => {
    if (code) void verification.verify()
  })
  const { verified, problem } = state
  const form = <CodeForm verification={verification} state={state} />
  // Who scanned a code came for the answer; the form is for the next one.
  const answer = verified ? (
    <Valid verified={verified} />
  ) : problem === 'invalid' ? (
    <Invalid />
  ) : null
  return (
    <Page onRetry={() => void verification.verify()}>
      <Columns head={answer ?? form} side={answer ? form : null} />
    </Page>
  )
}

function CodeForm(props: { verification: Verification; state: VerificationState }) {
  const { verification, state } = props
  const verify = () => void verification.verify()
  return (
    <Card title="验证支付凭证">
      <Text className="receipt__why">
        输入凭证底部的 16 位验证码，或扫描凭证上的二维码，核对凭证真伪与退款情况。
      </Text>
      <Line
        label="凭证验证码"
        value={state.typed}
        maxlength={24}
        placeholder="例如 7K2M 9PQR 3XYZ 4ABC"
        error={wrongOf(state)}
        onType={verification.type}
        onConfirm={verify}
      />
      <View className="receipt__gap" />
      <MainButton
        text="验证"
        busy={state.asking}
        disabled={state.typed.trim() === ''}
        onTap={verify}
      />
    </Card>
  )
}

function wrongOf({ problem }: VerificationState): string | undefined {
  if (problem === null || problem === 'invalid') return undefined
  return problem === 'unreadable' ? '验证码为 16 位字母和数字，请核对后重新输入' : problem.message
}

function Invalid() {
  return (
    <View className="receipt__verdict receipt__verdict--no" {...{ role: 'alert' }}>
      <Text className="receipt__word">未查询到该凭证</Text>
      <Text className="receipt__text">
        请核对验证码。若多次核对仍查询不到，该凭证可能不是由本商家出具。
      </Text>
    </View>
  )
}
