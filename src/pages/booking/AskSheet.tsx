import type { Input, Service } from '@jiyue/contract/schema/wire'
import { addDays, type Day, instantOf } from '@jiyue/contract/time'
import { Text, Textarea, View } from '@tarojs/components'
import { useState } from 'react'
import { DateInput } from '../../fields/DateInput.tsx'
import { TimeInput } from '../../fields/TimeInput.tsx'
import { MainButton } from '../../parts/MainButton.tsx'
import { Problem } from '../../parts/Problem.tsx'
import { Sheet } from '../../parts/Sheet.tsx'
import { Stepper } from '../../parts/Stepper.tsx'
import { useConsentReady } from '../../parts/useConsentReady.ts'
import type { NegotiationsState } from '../../stores/negotiations.ts'
import './askCard.scss'

interface AskSheetProps {
  open: boolean
  service: Service
  today: Day
  party: number
  state: NegotiationsState
  onParty: (party: number) => void
  onAsk: (wish: Input<'putNegotiation'>['body']) => void
  onClose: () => void
}

/** 自定义时段申请 (B5): when, how many, and a word about it. */
export function AskSheet(props: AskSheetProps) {
  const { open, service, today, party, state } = props
  useConsentReady(open)
  const [day, setDay] = useState('')
  const [time, setTime] = useState('')
  const [note, setNote] = useState('')
  const startsAt = startOf(day, time)
  const words = note.trim()
  const wrong = state.refusal?.fields?.filter(({ path }) => path === 'startsAt')[0]
  const send = () => {
    if (startsAt) props.onAsk({ serviceId: service.id, startsAt, party, note: words })
  }
  return (
    <Sheet
      open={open}
      title="申请自定义时段"
      onClose={props.onClose}
      foot={
        <MainButton
          text="提交申请"
          busy={state.busy}
          disabled={!startsAt || words === ''}
          onTap={send}
        />
      }
    >
      <Text className="ask__label">希望的日期</Text>
      <DateInput
        label="日期"
        value={day}
        first={today}
        last={addDays(today, 365)}
        wrong={wrong !== undefined}
        onPick={setDay}
      />
      <Text className="ask__label">开始时间</Text>
      <TimeInput label="时间" value={time} onPick={setTime} />
      <Problem text={wrong?.message} />
      {service.party ? (
        <View className="ask__party">
          <Text>同行人数</Text>
          <Stepper
            value={party}
            min={service.party.min}
            max={service.party.max}
            unit="人"
            label="申请人数"
            onChange={props.onParty}
          />
        </View>
      ) : null}
      <Text className="ask__label">备注</Text>
      <Textarea
        className="long-text"
        value={note}
        maxlength={200}
        placeholder="例如：周末不方便，希望工作日晚上"
        {...{ 'aria-label': '备注' }}
        onInput={(event) => setNote(event.detail.value)}
      />
      <Problem text={wrong ? null : state.refusal?.message} />
    </Sheet>
  )
}

/** The instant (ISO) of a day and a time on the merchant's clock; null until both are there. */
function startOf(day: string, time: string): string | null {
  const [hours = '', minutes = ''] = time.split(':')
  const at = instantOf(day, Number(hours) * 60 + Number(minutes))
  return day === '' || minutes === '' || Number.isNaN(at) ? null : new Date(at).toISOString()
}
