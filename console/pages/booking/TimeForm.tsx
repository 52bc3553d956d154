import type { ConsoleSlot, Reply } from '@jiyue/contract/schema/wire'
import { dayOf } from '@jiyue/contract/time'
import { Alert, Button, DatePicker, Form, Select, TimePicker } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import { useNavigate } from 'react-router'
import { asOption } from '../../asOption.ts'
import { useNow } from '../../clock.ts'
import { Reasoned } from '../../parts/Reasoned.tsx'
import { paths } from '../../paths.ts'
import { useWhyNoRight } from '../../useWhyNoRight.ts'
import { clockOf, timesIn } from './slotValues.ts'
import { type Place, useMoveSlot } from './useMoveSlot.ts'
import { whyKept } from './whyKept.ts'

interface TimeFormProps {
  slot: ConsoleSlot
  choices: Reply<'listConsoleServices'>
  became: (slot: ConsoleSlot, was: string) => void
}

interface Values {
  day: Dayjs
  startsAt: Dayjs
  endsAt: Dayjs
  staffId?: string | null
  roomId?: string | null
  branchId?: string | null
}

/**
 * What dragging does, by keyboard and to the minute: another time, another person, room or branch. A
 * slot with bookings says why not, and leads to the desk that asks its people.
 */
export function TimeForm({ slot, choices, became }: TimeFormProps) {
  const [form] = Form.useForm<Values>()
  const noRight = useWhyNoRight('slots')
  const kept = whyKept(slot, useNow(30))
  const { move, isPending } = useMoveSlot({ form, became })
  const wanted = Form.useWatch((values: Values) => placeIn(values, slot), form)
  const unchanged = !wanted || isWhereItIs(slot, wanted)
  const serves = ({ serviceIds }: { serviceIds: readonly string[] }) =>
    serviceIds.includes(slot.serviceId)
  return (
    <section className="slot-time" aria-label="时间与资源">
      <h4>时间与资源</h4>
      {kept && <Kept why={kept.why} desk={kept.desk} slot={slot} />}
      <Form
        form={form}
        layout="vertical"
        disabled={kept !== null || noRight !== null}
        initialValues={valuesOf(slot)}
        onFinish={(values) => {
          const place = placeIn(values, slot)
          if (place) move(slot.id, place)
        }}
      >
        <div className="form-row">
          <Form.Item name="day" label="日期">
            <DatePicker allowClear={false} format="M月D日 ddd" inputReadOnly />
          </Form.Item>
          <Form.Item name="startsAt" label="开始">
            <TimePicker format="HH:mm" minuteStep={5} needConfirm={false} allowClear={false} />
          </Form.Item>
          <Form.Item name="endsAt" label="结束">
            <TimePicker format="HH:mm" minuteStep={5} needConfirm={false} allowClear={false} />
          </Form.Item>
        </div>
        <div className="form-row">
          <Form.Item name="staffId" label="服务人员">
            <Select
              allowClear
              placeholder="不指定"
              options={choices.staff.filter(serves).map(asOption)}
            />
          </Form.Item>
          <Form.Item name="branchId" label="门店">
            <Select allowClear placeholder="上门或线上" options={choices.branches.map(asOption)} />
          </Form.Item>
          <Form.Item name="roomId" label="场地">
            <Select
              allowClear
              placeholder="不占用"
              options={choices.rooms.filter(serves).map(asOption)}
            />
          </Form.Item>
        </div>
        {!kept && (
          <Reasoned
            htmlType="submit"
            block
            reason={noRight ?? (unchanged ? '还没有改动' : null)}
            loading={isPending}
          >
            保存时间
          </Reasoned>
        )}
      </Form>
    </section>
  )
}

function Kept({ why, desk, slot }: { why: string; desk: boolean; slot: ConsoleSlot }) {
  const navigate = useNavigate()
  const noDesk = useWhyNoRight('disruption')
  const go = () => navigate(paths.newDisruption({ id: slot.id, day: dayOf(slot.startsAt) }))
  return (
    <Alert
      type="info"
      showIcon
      title={why}
      description={
        desk && (
          <>
            <p>可用紧急通知关闭它，让已预约的人改期或退款。</p>
            {noDesk ? (
              <p className="quiet">{noDesk}</p>
            ) : (
              <Button size="small" onClick={go}>
                去紧急通知安排
              </Button>
            )}
          </>
        )
      }
    />
  )
}

function valuesOf(slot: ConsoleSlot): Values {
  const { staffId, roomId, branchId } = slot
  return {
    day: dayjs(dayOf(slot.startsAt)),
    startsAt: clockOf(slot.startsAt),
    endsAt: clockOf(slot.endsAt),
    staffId,
    roomId,
    branchId,
  }
}

/** The form as a place; null before it has drawn. */
function placeIn(values: Values, slot: ConsoleSlot): Place | null {
  const { day, startsAt, endsAt, staffId, roomId, branchId } = values
  if (!day || !startsAt || !endsAt) return null
  const overnight = dayOf(slot.endsAt) > dayOf(slot.startsAt)
  return {
    ...timesIn({ day, startsAt, endsAt }, overnight),
    staffId: staffId ?? null,
    roomId: roomId ?? null,
    branchId: branchId ?? null,
  }
}

function isWhereItIs(slot: ConsoleSlot, place: Place): boolean {
  return (
    Date.parse(slot.startsAt) === Date.parse(place.startsAt) &&
    Date.parse(slot.endsAt) === Date.parse(place.endsAt) &&
    slot.staffId === place.staffId &&
    slot.roomId === place.roomId &&
    slot.branchId === place.branchId
  )
}
