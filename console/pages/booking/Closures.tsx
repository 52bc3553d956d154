import type { ConsoleSlot, Reply } from '@jiyue/contract/schema/wire'
import { closuresMost, type KeptReason, keptWords } from '@jiyue/contract/slots'
import { type Day, spanText } from '@jiyue/contract/time'
import { Alert, App, Checkbox, Drawer, Empty, Form, Input, Segmented, Skeleton, Table } from 'antd'
import { useMemo, useState } from 'react'
import { useAct } from '../../acting.ts'
import { readAgainSoon, useAsk } from '../../asking.ts'
import { useNow } from '../../clock.ts'
import { translated } from '../../english/text.ts'
import { Asked } from '../../parts/Asked.tsx'
import { Reasoned } from '../../parts/Reasoned.tsx'
import { useUndo } from '../../parts/useUndo.tsx'
import { ClosureFilters } from './ClosureFilters.tsx'
import { type Act, type ClosureChoice, chosenBy } from './closureChoice.ts'

interface ClosuresProps {
  open: boolean
  close: () => void
  choices: Reply<'listConsoleServices'>
  /** The days and the service on screen, which one begins with. */
  first: { from: Day; to: Day; service: string | undefined }
}

const acts: { value: Act; label: string }[] = [
  { value: 'close', label: '批量关闭' },
  { value: 'open', label: '批量开放' },
]

/** 批量开关: choose, see how many and which have bookings, one act, and back. */
export function Closures({ open, close, choices, first }: ClosuresProps) {
  return (
    <Drawer title="批量开关时段" open={open} onClose={close} size={720} destroyOnHidden>
      <Choose close={close} choices={choices} first={first} />
    </Drawer>
  )
}

function Choose({ close, choices, first }: Omit<ClosuresProps, 'open'>) {
  const [choice, setChoice] = useState<ClosureChoice>({
    act: 'close',
    ...first,
    staff: undefined,
    weekdays: [],
  })
  const { act, from, to, service } = choice
  const slots = useAsk('listConsoleSlots', {
    query: { from, to, ...(service && { serviceId: service }) },
  })
  return (
    <>
      <Segmented
        aria-label="操作"
        block
        value={act}
        options={acts}
        onChange={(value) => setChoice((now) => ({ ...now, act: value }))}
      />
      <ClosureFilters
        choice={choice}
        choices={choices}
        change={(part) => setChoice((now) => ({ ...now, ...part }))}
      />
      <Asked query={slots} waiting={<Skeleton active paragraph={{ rows: 6 }} />}>
        {(data) => (
          <Preview key={JSON.stringify(choice)} choice={choice} slots={data.slots} close={close} />
        )}
      </Asked>
    </>
  )
}

interface PreviewProps {
  choice: ClosureChoice
  slots: readonly ConsoleSlot[]
  close: () => void
}

function Preview({ choice, slots, close }: PreviewProps) {
  const { act } = choice
  const now = useNow(30)
  const fitting = useMemo(() => chosenBy(choice, slots, now), [choice, slots, now])
  const [left, setLeft] = useState<readonly string[]>([])
  const [emptyOnly, setEmptyOnly] = useState(false)
  const [kept, setKept] = useState<Kept[]>([])
  const [form] = Form.useForm<{ reason: string }>()
  const ticked = fitting.filter(({ id }) => !left.includes(id))
  const booked = ticked.filter(({ taken }) => taken > 0)
  const doing = emptyOnly ? ticked.filter(({ taken }) => taken === 0) : ticked
  const put = usePutClosures(form, (done) => {
    const named = done.map(({ slotId, why }) => ({
      why,
      slot: fitting.find(({ id }) => id === slotId),
    }))
    setKept(named)
    if (named.length === 0) close()
  })
  const verb = act === 'close' ? '关闭' : '开放'
  const reason =
    doing.length === 0
      ? `没有可${verb}的时段`
      : doing.length > closuresMost
        ? `一次最多${verb} ${closuresMost} 个时段，请缩小范围`
        : null
  return (
    <Form
      form={form}
      layout="vertical"
      className="closures"
      onFinish={(values) =>
        put.mutate({
          body: {
            emptyOnly,
            slots: doing.map(({ id, closedReason }) => ({
              slotId: id,
              reason: act === 'close' ? values.reason.trim() : null,
              was: closedReason,
            })),
          },
        })
      }
    >
      {kept.length > 0 && <KeptList kept={kept} verb={verb} />}
      <Table
        rowKey="id"
        size="small"
        dataSource={fitting}
        pagination={{ pageSize: 8, showSizeChanger: false, hideOnSinglePage: true }}
        scroll={{ x: 'max-content' }}
        rowSelection={{
          selectedRowKeys: ticked.map(({ id }) => id),
          onChange: (keys) =>
            setLeft(fitting.filter(({ id }) => !keys.includes(id)).map(({ id }) => id)),
          getCheckboxProps: (slot) => ({
            'aria-label': `${slot.serviceName} ${spanText(slot.startsAt, slot.endsAt)}`,
          }),
        }}
        columns={act === 'close' ? columns : [...columns, closedFor]}
        locale={{
          emptyText: (
            <Empty
              description={
                act === 'close'
                  ? '所选范围内没有开放中的时段'
                  : '所选范围内没有已关闭、尚未开始的时段'
              }
            />
          ),
        }}
      />
      {act === 'close' && (
        <>
          <Checkbox
            checked={emptyOnly}
            disabled={booked.length === 0}
            onChange={({ target }) => setEmptyOnly(target.checked)}
          >
            跳过已有预约的时段
          </Checkbox>
          <Form.Item
            name="reason"
            label="关闭原因"
            rules={[{ required: true, whitespace: true, message: '请写明关闭原因' }]}
          >
            <Input maxLength={100} placeholder="如：台风停业" />
          </Form.Item>
        </>
      )}
      <p className="closures-sum" role="status">
        将{verb} <strong>{doing.length}</strong> 个时段
        {act === 'close' && <Booked slots={booked} skipped={emptyOnly} />}
      </p>
      <Reasoned
        type="primary"
        danger={act === 'close'}
        block
        htmlType="submit"
        reason={reason}
        loading={put.isPending}
      >
        {verb} {doing.length} 个时段
      </Reasoned>
    </Form>
  )
}

function Booked({ slots, skipped }: { slots: readonly ConsoleSlot[]; skipped: boolean }) {
  if (slots.length === 0) return <>，都没有预约</>
  const people = slots.reduce((sum, { taken }) => sum + taken, 0)
  return skipped ? (
    <>，跳过已有预约的 {slots.length} 个</>
  ) : (
    <>
      ，其中 {slots.length} 个已有预约（共 {people} 人，预约保留，不再接新的）
    </>
  )
}

interface Kept {
  slot: ConsoleSlot | undefined
  why: KeptReason
}

function KeptList({ kept, verb }: { kept: readonly Kept[]; verb: string }) {
  return (
    <Alert
      type="warning"
      showIcon
      title={`有 ${kept.length} 个时段没有${verb}`}
      description={
        <ul>
          {kept.map(({ slot, why }, i) => (
            <li key={slot?.id ?? i}>
              {slot && `${slot.serviceName} ${spanText(slot.startsAt, slot.endsAt)}：`}
              {keptWords[why]}
            </li>
          ))}
        </ul>
      }
    />
  )
}

/** The act, with 撤销 beside what it did; `told` hears which slots stayed as they are. */
function usePutClosures(
  form: ReturnType<typeof Form.useForm<{ reason: string }>>[0],
  told: (kept: Reply<'putClosures'>['kept']) => void,
) {
  const { message } = App.useApp()
  const offerUndo = useUndo()
  const back = useAct('putClosures', {
    done({ changed, kept }) {
      readAgainSoon('listConsoleSlots')
      if (kept.length === 0) message.success(`已恢复 ${changed.length} 个时段`)
      else message.warning(`已恢复 ${changed.length} 个时段，${kept.length} 个刚被他人修改`)
    },
  })
  return useAct('putClosures', {
    form: { form },
    done({ changed, kept }) {
      readAgainSoon('listConsoleSlots')
      told(kept)
      if (changed.length === 0) return
      const verb = changed[0]?.reason === null ? '开放' : '关闭'
      offerUndo(`已${verb} ${changed.length} 个时段`, () =>
        back.mutate({
          body: {
            emptyOnly: false,
            slots: changed.map(({ slotId, reason, was }) => ({
              slotId,
              reason: was,
              was: reason,
            })),
          },
        }),
      )
    },
  })
}

const columns = [
  { title: '服务', dataIndex: 'serviceName' },
  { title: '时段', render: ({ startsAt, endsAt }: ConsoleSlot) => spanText(startsAt, endsAt) },
  { title: '服务人员', render: ({ staffName }: ConsoleSlot) => staffName ?? '—' },
  {
    title: '已约',
    align: 'right' as const,
    render: ({ taken, capacity }: ConsoleSlot) =>
      taken > 0 ? <strong>{`${taken} / ${capacity}`}</strong> : `${taken} / ${capacity}`,
  },
]
const closedFor = {
  title: '关闭原因',
  render: ({ closedReason }: ConsoleSlot) => (
    <span className="quiet">{closedReason && translated(closedReason)}</span>
  ),
}
