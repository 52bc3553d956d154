import { price } from '@jiyue/contract/money'
import { negotiationWords } from '@jiyue/contract/negotiation'
import type { Negotiation } from '@jiyue/contract/schema/negotiations'
import { spanText } from '@jiyue/contract/time'
import { Text, View } from '@tarojs/components'
import type { Tone } from '../flow.ts'
import { Countdown } from './Countdown.tsx'
import { MainButton } from './MainButton.tsx'
import './negotiationItem.scss'
import { Tag } from './Tag.tsx'

const tones: Partial<Record<Negotiation['state'], Tone>> = {
  asked: 'busy',
  approved: 'good',
  countered: 'busy',
  taken: 'good',
}

interface NegotiationItemProps {
  one: Negotiation
  busy: boolean
  onBook: () => void
  onDrop: () => void
  /** The offer's clock ran out. */
  onEnd: () => void
}

/** A time that was asked for, and the private slot 专属时段 the merchant answered with (B5). */
export function NegotiationItem({ one, busy, onBook, onDrop, onEnd }: NegotiationItemProps) {
  const { state, offer } = one
  const offered = (state === 'approved' || state === 'countered') && offer !== null
  const about = [offer?.staffName, offer?.branchName, offer?.roomName].filter(Boolean).join(' · ')
  return (
    <View className="negotiation">
      <View className="negotiation__head">
        <Text className="negotiation__name">{one.service.name}</Text>
        <Tag word={negotiationWords[state]} tone={tones[state] ?? 'quiet'} />
      </View>
      <Text className="negotiation__line">
        {`申请 ${spanText(one.startsAt, one.endsAt)} · ${one.party} 人`}
      </Text>
      {one.reason ? <Text className="negotiation__line">{`商家：${one.reason}`}</Text> : null}
      {offered ? (
        <View className="negotiation__offer">
          <Text className="negotiation__slot">{`专属时段 ${spanText(offer.startsAt, offer.endsAt)}`}</Text>
          <Text className="negotiation__line">
            {[price(offer.priceFen), about].filter(Boolean).join(' · ')}
          </Text>
          <View className="negotiation__line">
            <Text>为您保留 </Text>
            <Countdown until={offer.until} onEnd={onEnd} />
          </View>
        </View>
      ) : null}
      {offered || state === 'asked' ? (
        <View className="negotiation__foot">
          <MainButton
            small
            look="plain"
            text={offered ? '不需要' : '撤回申请'}
            busy={busy}
            onTap={onDrop}
          />
          {offered ? <MainButton small text="预约此时段" onTap={onBook} /> : null}
        </View>
      ) : null}
    </View>
  )
}
