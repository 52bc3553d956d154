import { minuteText, weekdayWords } from '@jiyue/contract/schedule'
import type { KeptSchedule } from '@jiyue/contract/schema/schedule'
import type { Reply } from '@jiyue/contract/schema/wire'
import { dateText, instantOf } from '@jiyue/contract/time'
import { App, Button, Empty, Popconfirm, Space, Table } from 'antd'
import { Link } from 'react-router'
import { useAct } from '../../acting.ts'
import { queries } from '../../asking.ts'
import { Reasoned } from '../../parts/Reasoned.tsx'
import { paths } from '../../paths.ts'
import { countsText } from './counts.ts'

interface ScheduleListProps {
  schedules: KeptSchedule[]
  choices: Reply<'listConsoleServices'>
  reason: string | null
  edit: (id: string) => void
}

/** The templates in use, a row each. */
export function ScheduleList({ schedules, choices, reason, edit }: ScheduleListProps) {
  const { message } = App.useApp()
  const retire = useAct('deleteSchedule', {
    done({ counts }) {
      void queries.invalidateQueries()
      message.success(`已停用排班：${countsText(counts) || '没有时段受影响'}`)
    },
  })
  const named = (list: readonly { id: string; name: string }[], id: string | null) =>
    list.find((one) => one.id === id)?.name
  if (schedules.length === 0)
    return (
      <section className="card">
        <Empty description="还没有排班。新建一个周模板，系统会自动生成并补足之后几周的时段" />
      </section>
    )
  return (
    <section className="card card-flush">
      <Table<KeptSchedule>
        rowKey="id"
        dataSource={schedules}
        pagination={false}
        scroll={{ x: 'max-content' }}
        columns={[
          {
            title: '服务',
            render: (_, one) => named(choices.services, one.serviceId) ?? '已下架的服务',
          },
          {
            title: '人员 / 场地',
            render: (_, one) =>
              [
                named(choices.staff, one.staffId),
                named(choices.rooms, one.roomId),
                named(choices.branches, one.branchId),
              ]
                .filter(Boolean)
                .join(' · ') || '不指定',
          },
          {
            title: '每周可约',
            render: (_, one) => (
              <div className="schedule-week">
                {weekLines(one).map((line) => (
                  <span key={line}>{line}</span>
                ))}
              </div>
            ),
          },
          {
            title: '时段',
            render: (_, one) => (
              <div className="schedule-week">
                <span>
                  {one.slotMinutes} 分钟 · {one.capacity} 个名额
                </span>
                {one.bufferBefore + one.bufferAfter > 0 && (
                  <span className="quiet">
                    间隔 前 {one.bufferBefore} 后 {one.bufferAfter} 分钟
                  </span>
                )}
              </div>
            ),
          },
          {
            title: '已生成至',
            render: (_, one) => one.filledUntil && dateText(instantOf(one.filledUntil)),
          },
          {
            title: '',
            align: 'right',
            render: (_, one) => (
              <Space>
                <Button onClick={() => edit(one.id)} aria-label={`编辑 ${rowName(one)}`}>
                  编辑
                </Button>
                <Popconfirm
                  title="停用这个排班？"
                  description="尚无预约的时段将移除，已有预约的保留"
                  okText="停用"
                  disabled={reason !== null}
                  onConfirm={() => retire.mutate({ params: { id: one.id } })}
                >
                  <Reasoned danger reason={reason} aria-label={`停用 ${rowName(one)}`}>
                    停用
                  </Reasoned>
                </Popconfirm>
                <Link to={paths.log({ object: 'schedules', key: one.id })}>修改历史</Link>
              </Space>
            ),
          },
        ]}
      />
    </section>
  )

  function rowName(one: KeptSchedule): string {
    const who = named(choices.staff, one.staffId) ?? named(choices.rooms, one.roomId)
    return [named(choices.services, one.serviceId), who].filter(Boolean).join(' ')
  }
}

/** 「周一至周六 09:00–21:00」: days with the same hours share a line, Monday first. */
function weekLines({ weekly }: KeptSchedule): string[] {
  const byHours = new Map<string, number[]>()
  for (const weekday of [1, 2, 3, 4, 5, 6, 0]) {
    const text = weekly
      .filter((span) => span.weekday === weekday)
      .sort((a, b) => a.from - b.from)
      .map(({ from, to }) => `${minuteText(from)}–${minuteText(to)}`)
      .join('、')
    if (text) byHours.set(text, [...(byHours.get(text) ?? []), weekday])
  }
  return [...byHours].map(([hours, days]) => `${daysText(days)} ${hours}`)
}

function daysText(days: readonly number[]): string {
  if (days.length === 7) return '每天'
  const inRow = days.every((day, i) => i === 0 || (day || 7) === ((days[i - 1] as number) || 7) + 1)
  const word = (day: number | undefined) => weekdayWords[day ?? 0]
  if (inRow && days.length > 2) return `${word(days[0])}至${word(days[days.length - 1])}`
  return days.map(word).join('、')
}
