import { CloseOutlined } from '@ant-design/icons'
import type { ConsoleSlot } from '@jiyue/contract/schema/wire'
import { addDays, dayOf, spanText } from '@jiyue/contract/time'
import { Button, DatePicker, Empty, Select, Skeleton, Table } from 'antd'
import dayjs from 'dayjs'
import { useRef } from 'react'
import { useAsk } from '../../asking.ts'
import { serverNow, useNow } from '../../clock.ts'
import { translated } from '../../english/text.ts'
import { Asked } from '../../parts/Asked.tsx'
import { useSlotFilter } from './useSlotFilter.ts'

interface PickSlotsProps {
  chosen: readonly string[]
  choose: (ids: string[]) => void
}

/** Longest span that slots are listed for. */
const spanDays = 31

/** Upcoming slots by service, days and staff; chosen ones stay chosen under another filter. */
export function PickSlots({ chosen, choose }: PickSlotsProps) {
  const { filter, change } = useSlotFilter()
  const { service, staff, from, to } = filter
  const choices = useAsk('listConsoleServices', {})
  const slots = useAsk('listConsoleSlots', {
    query: { from, to, ...(service && { serviceId: service }) },
  })
  const staffNames = choices.data?.staff
    .filter(({ serviceIds }) => !service || serviceIds.includes(service))
    .map(({ id, name }) => ({ value: id, label: name }))
  return (
    <section className="card" aria-label="选择时段">
      <div className="card-head">
        <h2>1. 哪些时段无法提供服务</h2>
        <span className="quiet">已选 {chosen.length} 个</span>
      </div>
      <Chosen ids={chosen} seen={slots.data?.slots} choose={choose} />
      <search className="filters disruption-filters">
        <Select
          allowClear
          aria-label="服务"
          placeholder="全部服务"
          className="filters-service"
          value={service}
          options={choices.data?.services.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={(value: string | undefined) => change({ service: value, staff: undefined })}
        />
        <DatePicker.RangePicker
          aria-label="日期"
          allowClear={false}
          inputReadOnly
          format="YYYY-MM-DD"
          value={[dayjs(from), dayjs(to)]}
          minDate={dayjs(dayOf(serverNow()))}
          onChange={(days) => {
            const first = days?.[0]?.format('YYYY-MM-DD')
            const last = days?.[1]?.format('YYYY-MM-DD')
            if (!first || !last) return
            const most = addDays(first, spanDays - 1)
            change({ from: first, to: last > most ? most : last })
          }}
        />
        <Select
          allowClear
          aria-label="服务人员"
          placeholder="全部服务人员"
          className="filters-service"
          value={staff}
          options={staffNames ?? []}
          onChange={(value: string | undefined) => change({ staff: value })}
        />
      </search>
      <Asked query={slots} waiting={<Skeleton active paragraph={{ rows: 6 }} />}>
        {(data) => {
          const now = serverNow()
          const rows = data.slots.filter(
            (slot) => Date.parse(slot.startsAt) > now && (!staff || slot.staffId === staff),
          )
          return (
            <Table
              rowKey="id"
              size="small"
              dataSource={rows}
              pagination={{ pageSize: 8, showSizeChanger: false, hideOnSinglePage: true }}
              scroll={{ x: 'max-content' }}
              rowSelection={{
                selectedRowKeys: [...chosen],
                preserveSelectedRowKeys: true,
                onChange: (keys) => choose(keys.map(String)),
                getCheckboxProps: (slot) => ({
                  'aria-label': `${slot.serviceName} ${spanText(slot.startsAt, slot.endsAt)}`,
                }),
              }}
              columns={columns}
              locale={{
                emptyText: <Empty description="没有符合条件、尚未开始的时段，请更换筛选" />,
              }}
            />
          )
        }}
      </Asked>
    </section>
  )
}

interface ChosenProps {
  ids: readonly string[]
  seen: readonly ConsoleSlot[] | undefined
  choose: (ids: string[]) => void
}

/**
 * What is chosen, under whatever filter it was found, each to be taken out again: also one that began or
 * was moved meanwhile, which no list shows any more.
 */
function Chosen({ ids, seen, choose }: ChosenProps) {
  const known = useRef(new Map<string, ConsoleSlot>())
  for (const slot of seen ?? []) known.current.set(slot.id, slot)
  const now = useNow(30)
  if (ids.length === 0) return null
  return (
    <ul className="disruption-chosen" aria-label="已选时段">
      {ids.map((id) => {
        const slot = known.current.get(id)
        const words = slot && `${slot.serviceName} ${spanText(slot.startsAt, slot.endsAt)}`
        return (
          <li key={id}>
            <Button
              size="small"
              aria-label={`去掉 ${words ?? '其他日期的时段'}`}
              onClick={() => choose(ids.filter((one) => one !== id))}
            >
              {words ?? '其他日期的时段'}
              {slot && Date.parse(slot.startsAt) <= now && '（已开始）'}
              <CloseOutlined />
            </Button>
          </li>
        )
      })}
      <li>
        <Button type="link" size="small" onClick={() => choose([])}>
          全部去掉
        </Button>
      </li>
    </ul>
  )
}

const columns = [
  { title: '服务', dataIndex: 'serviceName' },
  {
    title: '时段',
    render: ({ startsAt, endsAt }: ConsoleSlot) => spanText(startsAt, endsAt),
  },
  { title: '服务人员', render: ({ staffName }: ConsoleSlot) => staffName ?? '—' },
  { title: '门店', render: ({ branchName }: ConsoleSlot) => branchName ?? '—' },
  {
    title: '已约',
    align: 'right' as const,
    render: ({ taken, capacity }: ConsoleSlot) => `${taken} / ${capacity}`,
  },
  {
    title: '状态',
    render: ({ closedReason }: ConsoleSlot) =>
      closedReason === null ? (
        '开放'
      ) : (
        <span className="quiet">已关闭：{translated(closedReason)}</span>
      ),
  },
]
