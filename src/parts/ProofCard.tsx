import { price } from '@jiyue/contract/money'
import { type ProofState, proofStates } from '@jiyue/contract/proof'
import type { Order } from '@jiyue/contract/schema/wire'
import { clockText, dateText } from '@jiyue/contract/time'
import { Text, View } from '@tarojs/components'
import type { Tone } from '../flow.ts'
import { pathTo } from '../lib/paths.ts'
import { isProvable } from '../stores/proof.ts'
import { go } from './go.ts'
import { MainButton } from './MainButton.tsx'
import { Card } from './Page.tsx'
import './proofCard.scss'
import { Tag } from './Tag.tsx'

const tones: Record<ProofState, Tone> = { submitted: 'busy', approved: 'good', rejected: 'quiet' }

const meanings: Record<ProofState, string> = {
  submitted: '商家正在核对，结果会通知您。请勿重复付款',
  approved: '商家已确认收到您的付款',
  rejected: '商家核对后未能确认这笔付款',
}

/** The last way for money that was not recognised (P10): offered, under review, or decided. */
export function ProofCard({ order }: { order: Order }) {
  const { proof } = order
  const mayProve = isProvable(order)
  if (!proof && !mayProve) return null
  const open = () => void go.to(pathTo.proof(order.id))
  return (
    <Card
      title={proof ? '付款凭证审核' : '已付款但未确认？'}
      aside={proof ? <Tag word={proofStates[proof.state]} tone={tones[proof.state]} /> : undefined}
    >
      {proof ? (
        <View className="proof-card__facts">
          <Text className="proof-card__text">{meanings[proof.state]}</Text>
          {proof.state === 'rejected' && proof.reason ? (
            <Text className="proof-card__reason">{`原因：${proof.reason}`}</Text>
          ) : null}
          <Text className="proof-card__note">
            {`付款 ${price(proof.paidFen)} · ${dateText(proof.at)} ${clockText(proof.at)}`}
          </Text>
        </View>
      ) : (
        <Text className="proof-card__text">
          系统多次向支付平台核实，仍未收到这笔付款。如已付款，可上传账单截图，由商家核对。
        </Text>
      )}
      {mayProve ? (
        <View className="proof-card__button">
          <MainButton
            look="plain"
            text={proof ? '重新上传支付凭证' : '上传支付凭证'}
            onTap={open}
          />
        </View>
      ) : null}
    </Card>
  )
}
