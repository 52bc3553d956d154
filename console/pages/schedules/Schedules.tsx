import { PlusOutlined } from '@ant-design/icons'
import { Skeleton, Tabs } from 'antd'
import { useState } from 'react'
import { useAsk } from '../../asking.ts'
import { newId } from '../../newId.ts'
import { Asked } from '../../parts/Asked.tsx'
import { Page } from '../../parts/Page.tsx'
import { Reasoned } from '../../parts/Reasoned.tsx'
import { useWhyNoRight } from '../../useWhyNoRight.ts'
import { Calendar } from './Calendar.tsx'
import { Editor } from './Editor.tsx'
import { ScheduleList } from './ScheduleList.tsx'

/** 排班: weekly templates, and the merchant's calendar. */
export function Component() {
  const reason = useWhyNoRight('settings')
  const schedules = useAsk('listSchedules', {})
  const choices = useAsk('listConsoleServices', {})
  /** The id that is open, kept or new; null for none. */
  const [open, setOpen] = useState<string | null>(null)
  const waiting = <Skeleton className="card" active paragraph={{ rows: 8 }} />
  return (
    <Page
      title="排班"
      about="按周模板自动生成时段；已有预约的时段不受改动影响"
      actions={
        <Reasoned
          type="primary"
          icon={<PlusOutlined />}
          reason={reason}
          onClick={() => setOpen(newId())}
        >
          新建排班
        </Reasoned>
      }
    >
      <Tabs
        items={[
          {
            key: 'schedules',
            label: '周模板',
            children: (
              <Asked query={choices} waiting={waiting}>
                {(known) => (
                  <Asked query={schedules} waiting={waiting}>
                    {({ schedules: list }) => (
                      <ScheduleList
                        schedules={list}
                        choices={known}
                        reason={reason}
                        edit={setOpen}
                      />
                    )}
                  </Asked>
                )}
              </Asked>
            ),
          },
          { key: 'calendar', label: '营业日历', children: <Calendar reason={reason} /> },
        ]}
      />
      {open !== null && choices.data && schedules.data && (
        <Editor
          key={open}
          id={open}
          schedule={schedules.data.schedules.find(({ id }) => id === open) ?? null}
          choices={choices.data}
          reason={reason}
          close={() => setOpen(null)}
        />
      )}
    </Page>
  )
}
