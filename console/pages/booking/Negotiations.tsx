import { negotiationWords } from '@jiyue/contract/negotiation'
import type { ConsoleNegotiation } from '@jiyue/contract/schema/negotiations'
import type { Reply } from '@jiyue/contract/schema/wire'
import { countdownText, spanText } from '@jiyue/contract/time'
import { Badge, Button, Drawer, Empty, Tag } from 'antd'
import { useState } from 'react'
import { useAsk } from '../../asking.ts'
import { useNow } from '../../clock.ts'
import { Asked } from '../../parts/Asked.tsx'
import { stampText } from '../../stamp.ts'
import { AnswerForm } from './AnswerForm.tsx'

type Choices = Reply<'listConsoleServices'>

/** 自定义申请: what people ask for outside the offer, and the merchant's answers (B5 X7). */
export function Negotiations({ choices }: { choices: Choices | undefined }) {
  const [open, setOpen] = useState(false)
  const asked = useAsk('listConsoleNegotiations', {})
  const waiting = asked.data?.negotiations.filter(({ state }) => state === 'asked').length ?? 0
  return (
    <>
      <Badge count={waiting} title={`${waiting} 条待回复`}>
        <Button onClick={() => setOpen(true)}>自定义申请</Button>
      </Badge>
      <Drawer
        title="自定义时段申请"
        open={open}
        onClose={() => setOpen(false)}
        size={480}
        destroyOnHidden
      >
        <Asked query={asked} waiting={<p className="quiet">正在读取…</p>}>
          {({ negotiations }) =>
            negotiations.length === 0 ? (
              <Empty description="还没有申请。用户在预约页找不到合适的时段时可以提交" />
            ) : (
              <ul className="negotiations">
                {negotiations.map((one) => (
                  <One key={one.id} one={one} choices={choices} />
                ))}
              </ul>
            )
          }
        </Asked>
      </Drawer>
    </>
  )
}

function One({ one, choices }: { one: ConsoleNegotiation; choices: Choices | undefined }) {
  const [answering, setAnswering] = useState(one.state === 'asked')
  const now = useNow()
  const { state, offer } = one
  const offered = state === 'approved' || state === 'countered'
  // An offer that nobody has booked may be changed, also one that ran out.
  const mayAnswer = state === 'asked' || offered || (state === 'lapsed' && offer !== null)
  return (
    <li data-negotiation={one.id}>
      <div className="negotiation-head">
        <strong>{one.service.name}</strong>
        <Tag color={state === 'asked' ? 'gold' : offered ? 'blue' : undefined}>
          {negotiationWords[state]}
        </Tag>
      </div>
      <p>
        {spanText(one.startsAt, one.endsAt)} · {one.party} 人
      </p>
      <p>「{one.note}」</p>
      <p className="quiet">
        {one.person} {one.phoneMasked} · {stampText(one.askedAt)} 提交
      </p>
      {offer && (
        <p>
          专属时段 {spanText(offer.startsAt, offer.endsAt)}
          {offer.staffName && ` · ${offer.staffName}`}
          {offer.roomName && ` · ${offer.roomName}`}
          {offered && ` · 保留 ${countdownText(Date.parse(offer.until) - now)}`}
        </p>
      )}
      {one.reason && <p className="quiet">回复：{one.reason}</p>}
      {mayAnswer && choices && answering && (
        <AnswerForm one={one} choices={choices} done={() => setAnswering(false)} />
      )}
      {mayAnswer && !answering && (
        <Button size="small" onClick={() => setAnswering(true)}>
          重新回复
        </Button>
      )}
    </li>
  )
}
