import type { PartyPart } from '@jiyue/contract/group'
import type { Negotiation } from '@jiyue/contract/schema/negotiations'
import type { Input, Slot } from '@jiyue/contract/schema/wire'
import { View } from '@tarojs/components'
import { useRouter } from '@tarojs/taro'
import { useEffect, useState } from 'react'
import { pathTo, tabs } from '../../lib/paths.ts'
import { Failed } from '../../parts/Failed.tsx'
import { go } from '../../parts/go.ts'
import { Card, Columns, Page } from '../../parts/Page.tsx'
import { BoneLines } from '../../parts/Skeleton.tsx'
import {
  say,
  useAll,
  useLeave,
  useNow,
  useOnce,
  useSayNext,
  useWhileShown,
} from '../../parts/useApp.ts'
import { app } from '../../phone.ts'
import { createBooking } from '../../stores/booking.ts'
import { chosenSlot } from '../../stores/slotPicker.ts'
import { AskCard } from './AskCard.tsx'
import { AskSheet } from './AskSheet.tsx'
import { BookBar } from './BookBar.tsx'
import { ConfirmSheet } from './ConfirmSheet.tsx'
import { GroupSheet } from './GroupSheet.tsx'
import { Picker } from './Picker.tsx'
import { QueueBar, QueueSheet } from './QueueSheet.tsx'
import { ServiceHead } from './ServiceHead.tsx'
import { ServiceMore } from './ServiceMore.tsx'
import { WaitSheet } from './WaitSheet.tsx'

type Offered = NonNullable<Negotiation['offer']>

/** Step 1: a service, its slots, and the hold. */
export default function Booking() {
  const { params } = useRouter()
  const sayNext = useSayNext()
  const booking = useOnce(() => createBooking(app, params.id ?? '', params.from ?? null))
  const state = useAll(booking.store)
  const slots = useAll(booking.picker.store)
  const now = useNow(10_000)
  const { asking } = useAll(app.session.store)
  const queue = useAll(booking.queue.store)
  const [confirming, setConfirming] = useState(false)
  const [queueOpen, setQueueOpen] = useState(false)
  const waits = useAll(booking.waits.store)
  const negotiations = useAll(booking.negotiations.store)
  const [askOpen, setAskOpen] = useState(false)
  const [privately, setPrivately] = useState<Negotiation | null>(null)
  const [group, setGroup] = useState<PartyPart<Slot>[] | null>(null)
  const [waitId, setWaitId] = useState<string | null>(null)
  useWhileShown(() => {
    void booking.load()
    const stop = [
      booking.picker.follow(),
      booking.queue.follow(),
      booking.waits.follow(),
      booking.negotiations.follow(),
    ]
    return () => {
      for (const one of stop) one()
    }
  })

  const { service } = state
  const problem = state.problem ?? slots.problem
  const slot = chosenSlot(slots)
  const awaited = chosenSlot({ slots: slots.slots, slotId: waitId })
  const leave = useLeave()
  const hold = async () => {
    const order = await booking.confirm()
    setConfirming(false)
    if (order) leave(pathTo.registration(order.id))
  }
  const holdPrivate = async () => {
    const order = privately && (await booking.confirmPrivate(privately))
    setPrivately(null)
    if (order) leave(pathTo.registration(order.id))
  }
  const ask = async (wish: Input<'putNegotiation'>['body']) => {
    if (!(await booking.negotiations.ask(wish))) return
    setAskOpen(false)
    say('申请已提交，商家回复后消息通知您')
  }
  const holdGroup = async () => {
    const held = group !== null && (await booking.confirmGroup(group))
    setGroup(null)
    if (!held) return
    sayNext('时段已全部锁定，请依次完成报名')
    await go.tab(tabs.orders)
  }
  // A turn in the queue that came by itself goes on as a tap does.
  const { held, state: queueState } = queue
  useEffect(() => {
    if (held) leave(pathTo.registration(held.id))
  }, [held, leave])
  // Each news opens the sheet again, but not against somebody who looks at other slots meanwhile.
  useEffect(() => setQueueOpen(queueState !== 'none'), [queueState])

  if (!service && problem) {
    return (
      <Page onRetry={booking.load}>
        <Failed problem={problem} onRetry={booking.load} />
      </Page>
    )
  }
  return (
    <Page onRetry={booking.load}>
      <Columns
        head={service ? <ServiceHead service={service} /> : <HeadBones />}
        side={
          <Picker
            booking={booking}
            state={state}
            slots={slots}
            now={now}
            waits={waits.waits}
            onWait={setWaitId}
            onGroup={setGroup}
            below={
              <AskCard
                serviceId={params.id ?? ''}
                negotiations={booking.negotiations}
                state={negotiations}
                now={now}
                onAsk={() => setAskOpen(true)}
                onBook={setPrivately}
              />
            }
          />
        }
        more={service ? <ServiceMore service={service} /> : null}
        bar={
          queue.state === 'none' || queue.state === 'full' ? (
            <BookBar state={state} slots={slots} now={now} onBook={() => setConfirming(true)} />
          ) : (
            <QueueBar state={queue} onOpen={() => setQueueOpen(true)} />
          )
        }
      />
      {service && slot ? (
        <ConfirmSheet
          open={confirming && !asking}
          service={service}
          slot={slot}
          party={state.party}
          busy={state.holding}
          onConfirm={hold}
          onClose={() => setConfirming(false)}
        />
      ) : null}
      {service && privately?.offer ? (
        <ConfirmSheet
          open={!asking}
          service={service}
          slot={privateSlot(privately, privately.offer)}
          party={privately.party}
          busy={state.holding}
          onConfirm={holdPrivate}
          onClose={() => setPrivately(null)}
        />
      ) : null}
      {service ? (
        <AskSheet
          open={askOpen && !asking}
          service={service}
          today={booking.picker.today()}
          party={state.party}
          state={negotiations}
          onParty={booking.chooseParty}
          onAsk={ask}
          onClose={() => {
            booking.negotiations.forgive()
            setAskOpen(false)
          }}
        />
      ) : null}
      {service && group ? (
        <GroupSheet
          open={!asking}
          service={service}
          parts={group}
          busy={state.holding}
          onConfirm={holdGroup}
          onClose={() => setGroup(null)}
        />
      ) : null}
      {service && awaited ? (
        <WaitSheet
          open={!asking}
          service={service}
          slot={awaited}
          party={state.party}
          waits={booking.waits}
          state={waits}
          onParty={booking.chooseParty}
          onTake={(orderId) => leave(pathTo.registration(orderId))}
          onClose={() => setWaitId(null)}
        />
      ) : null}
      <QueueSheet
        open={queueOpen && queue.state !== 'none'}
        queue={booking.queue}
        state={queue}
        slots={slots}
        now={now}
        onClose={() => setQueueOpen(false)}
      />
    </Page>
  )
}

/** The private slot as the confirm sheet shows every slot. */
function privateSlot({ service, party }: Negotiation, offer: Offered): Slot {
  return {
    id: offer.slotId,
    serviceId: service.id,
    startsAt: offer.startsAt,
    endsAt: offer.endsAt,
    bookableUntil: offer.until,
    branchId: null,
    staffId: null,
    roomId: null,
    capacity: party,
    left: party,
    priceFen: offer.priceFen,
    closed: false,
    busy: false,
    version: 0,
  }
}

function HeadBones() {
  return (
    <Card>
      <View>
        <BoneLines widths={['70%', '90%', '100%']} />
      </View>
    </Card>
  )
}
