import type { Service, Slot } from '@jiyue/contract/schema/wire'
import { spanText } from '@jiyue/contract/time'
import { aheadText } from '@jiyue/contract/wait'
import { Text, View } from '@tarojs/components'
import { Countdown } from '../../parts/Countdown.tsx'
import { MainButton } from '../../parts/MainButton.tsx'
import { Problem } from '../../parts/Problem.tsx'
import { type Row, Rows } from '../../parts/Rows.tsx'
import { Sheet } from '../../parts/Sheet.tsx'
import { Stepper } from '../../parts/Stepper.tsx'
import { useConsentReady } from '../../parts/useConsentReady.ts'
import { type Waits, type WaitsState, waitOf } from '../../stores/waits.ts'
import './waitSheet.scss'

interface WaitSheetProps {
  open: boolean
  service: Service
  slot: Slot
  party: number
  waits: Waits
  state: WaitsState
  onParty: (party: number) => void
  /** Seats are offered: on to the registration of that order. */
  onTake: (orderId: string) => void
  onClose: () => void
}

/** The waiting list of a full slot 候补 (B11): joining, the place in it, and seats that are offered. */
export function WaitSheet(props: WaitSheetProps) {
  const { open, service, slot, party, waits, state, onTake, onClose } = props
  useConsentReady(open)
  const wait = waitOf(state.waits, slot.id)
  const close = () => {
    waits.forgive()
    onClose()
  }
  const rows: (Row | null)[] = [
    { label: '时段', value: spanText(slot.startsAt, slot.endsAt) },
    wait && service.party ? { label: '同行人数', value: `${wait.party} 人` } : null,
  ]
  return (
    <Sheet open={open} title={titleOf()} onClose={close} foot={foot()}>
      {wait ? (
        <View className="wait__place" {...{ role: 'status', 'aria-live': 'polite' }}>
          {wait.state === 'offered' && wait.heldUntil ? (
            <>
              <Text className="wait__sentence">名额已为您保留</Text>
              <View className="wait__clock">
                <Text>请在此时间内完成报名 </Text>
                <Countdown until={wait.heldUntil} onEnd={() => void waits.load()} />
              </View>
            </>
          ) : (
            <>
              <Text className="wait__sentence">{aheadText(wait.ahead ?? 0)}</Text>
              <Text className="wait__line">有人取消或超时，名额按先后顺序递补</Text>
            </>
          )}
        </View>
      ) : null}
      <Rows rows={rows.filter((row): row is Row => row !== null)} />
      {!wait && service.party ? (
        <View className="wait__party">
          <Text>同行人数</Text>
          <Stepper
            value={Math.min(party, most())}
            min={service.party.min}
            max={most()}
            unit="人"
            label="候补人数"
            onChange={props.onParty}
          />
        </View>
      ) : null}
      {wait?.state === 'offered' ? null : (
        <View className="wait__notes">
          {wait ? null : <Text className="wait__note">{waitingText()}</Text>}
          <Text className="wait__note">{service.waitRule}</Text>
          <Text className="wait__note">候补不收费，随时可以退出</Text>
        </View>
      )}
      <Problem text={state.refusal?.message} />
    </Sheet>
  )

  function titleOf(): string {
    if (!wait) return '候补此时段'
    return wait.state === 'offered' ? '候补到名额' : '候补中'
  }

  function waitingText(): string {
    const waiting = slot.waiting ?? 0
    return waiting === 0 ? '目前没有人候补，您将排在第一位' : `目前 ${waiting} 人候补`
  }

  function most(): number {
    return Math.max(1, Math.min(service.party?.max ?? 1, slot.capacity))
  }

  function foot() {
    const { busy } = state
    if (!wait) {
      const wanted = Math.min(party, most())
      return (
        <MainButton text="加入候补" busy={busy} onTap={() => void waits.join(slot.id, wanted)} />
      )
    }
    if (wait.state === 'offered') {
      return (
        <View className="wait__foot">
          <MainButton text="去报名" onTap={() => onTake(wait.id)} />
          <MainButton
            look="plain"
            text="放弃名额"
            busy={busy}
            onTap={() => void waits.leave(wait.id)}
          />
        </View>
      )
    }
    return (
      <MainButton
        look="plain"
        text="退出候补"
        busy={busy}
        onTap={() => void waits.leave(wait.id)}
      />
    )
  }
}
