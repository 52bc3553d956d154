import { View } from '@tarojs/components'
import { app } from '../phone.ts'
import { createReceipt } from '../stores/receipt.ts'
import { MainButton } from './MainButton.tsx'
import { Problem } from './Problem.tsx'
import { useAll, useOnce } from './useApp.ts'

/** 下载支付凭证 (P9): issued at the first tap, the same one ever after. */
export function ReceiptButton({ orderId }: { orderId: string }) {
  const receipt = useOnce(() => createReceipt(app, orderId))
  const { busy, word } = useAll(receipt.store)
  return (
    <View>
      <MainButton
        look="plain"
        text="下载支付凭证"
        icon="list"
        busy={busy}
        onTap={() => void receipt.open()}
      />
      <Problem text={word} />
    </View>
  )
}
