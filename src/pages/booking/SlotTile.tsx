import { slotReasons } from '@jiyue/contract/booking'
import { price } from '@jiyue/contract/money'
import type { Wait } from '@jiyue/contract/schema/waits'
import { clockText } from '@jiyue/contract/time'
import { waitWords } from '@jiyue/contract/wait'
import { Text, View } from '@tarojs/components'
import type { SeenSlot } from '../../lib/slots.ts'
import { Icon, type IconName } from '../../parts/Icon.tsx'
import { Tap } from '../../parts/Tap.tsx'
import './slotGrid.scss'

const icons: Record<SeenSlot['status']['colour'], IconName> = {
  green: 'check',
  red: 'cross',
  grey: 'ban',
}

interface SlotTileProps {
  seen: SeenSlot
  /** The service's price; a slot says its own only where it differs. */
  usualFen: number
  staffName: string | null
  /** The slot an order has already: shown, not for choosing. */
  current: boolean
  chosen: boolean
  /** The person's place in its waiting list. */
  wait: Wait | null
  onTap: () => void
  /** Where one may wait for a full slot. */
  onWait?: () => void
}

/** One slot. Colour, sign and word say the same thing (B2). */
export function SlotTile(props: SlotTileProps) {
  const { seen, usualFen, staffName, current, chosen, wait, onTap, onWait } = props
  const { slot, status } = seen
  const full = status.colour === 'red' && !current
  const time = `${clockText(slot.startsAt)}–${clockText(slot.endsAt)}`
  const word = current ? '当前时段' : wordOf(seen)
  const line = full && onWait ? (wait ? waitWords[wait.state] : '可候补') : null
  const look = current ? 'current' : status.colour
  const priceText = slot.priceFen === usualFen ? null : price(slot.priceFen)
  return (
    <Tap
      role="radio"
      chosen={chosen}
      disabled={current || !(status.colour === 'green' || line)}
      label={[time, current ? '' : status.word, word, line, priceText, staffName]
        .filter(Boolean)
        .join(' ')}
      className={`slots__tile slots__tile--${look} ${chosen ? 'slots__tile--on' : ''}`}
      onTap={line && onWait ? onWait : onTap}
    >
      <Text className="slots__time">{time}</Text>
      <View className="slots__state">
        <Icon name={current ? 'pin' : icons[status.colour]} size={12} />
        <Text className="slots__word">{word}</Text>
      </View>
      {line ? <Text className="slots__line">{line}</Text> : null}
      {priceText ? <Text className="slots__price">{priceText}</Text> : null}
      {staffName ? <Text className="slots__staff">{staffName}</Text> : null}
    </Tap>
  )
}

function wordOf({ slot, status }: SeenSlot): string {
  if (status.colour === 'grey') return slotReasons[status.reason]
  return status.colour === 'green' ? `${status.word} 余${slot.left}` : status.word
}
