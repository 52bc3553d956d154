import { type Template, templateProblems } from '@jiyue/contract/schedule'
import type { KeptSchedule } from '@jiyue/contract/schema/schedule'
import type { Reply } from '@jiyue/contract/schema/wire'
import { dayOf } from '@jiyue/contract/time'
import { Alert, App, Button, Drawer, Form, Space } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useAct } from '../../acting.ts'
import { queries } from '../../asking.ts'
import { serverNow } from '../../clock.ts'
import { Reasoned } from '../../parts/Reasoned.tsx'
import { countsText } from './counts.ts'
import { Exceptions } from './Exceptions.tsx'
import { Fields } from './Fields.tsx'
import { Preview } from './Preview.tsx'
import {
  emptyWeek,
  firstValues,
  type ScheduleValues,
  templateOf,
  valuesOf,
  type Week,
} from './values.ts'
import { WeekGrid } from './WeekGrid.tsx'

interface EditorProps {
  id: string
  /** Null for a new one. */
  schedule: KeptSchedule | null
  choices: Reply<'listConsoleServices'>
  reason: string | null
  close: () => void
}

/**
 * One template: its fields, its week, its exceptions; and before it is saved, what it will make of the
 * slots. Whatever is changed asks for a new preview: nobody saves what they have not seen.
 */
export function Editor({ id, schedule: now, choices, reason, close }: EditorProps) {
  const { message } = App.useApp()
  const [form] = Form.useForm<ScheduleValues>()
  // As it was when it was opened: another's save meanwhile is refused and told, never written over.
  const [schedule] = useState(now)
  const [week, setWeek] = useState<Week>(schedule ?? emptyWeek)
  const [problems, setProblems] = useState<string[]>([])
  const [seen, setSeen] = useState<{ of: Template; preview: Reply<'previewSchedule'> } | null>(null)
  const previewEnd = useRef<HTMLDivElement>(null)
  const preview = useAct('previewSchedule', {
    form: { form },
    done: (reply, { body }) => setSeen({ of: body, preview: reply }),
  })
  const save = useAct('putSchedule', {
    form: { form },
    done({ counts }) {
      void queries.invalidateQueries()
      message.success(`排班已保存：${countsText(counts) || '时段没有变化'}`)
      close()
    },
  })
  useEffect(() => {
    form.setFieldsValue(
      schedule ? valuesOf(schedule) : firstValues(choices.services, dayOf(serverNow())),
    )
  }, [form, schedule, choices])
  useEffect(() => {
    if (seen) previewEnd.current?.scrollIntoView({ block: 'start', behavior: 'smooth' })
  }, [seen])

  const changed = () => {
    setSeen(null)
    setProblems([])
  }
  const changeWeek = (next: Week) => {
    setWeek(next)
    changed()
  }
  const look = async () => {
    const values = await form.validateFields().catch(() => null)
    if (!values) return
    const template = templateOf({ ...form.getFieldsValue(true), ...values }, week)
    const wrong = templateProblems(template)
    setProblems(wrong.map((one) => one.message))
    if (wrong.length === 0) preview.mutate({ params: { id }, body: template })
  }
  return (
    <Drawer
      title={schedule ? '编辑排班' : '新建排班'}
      open
      onClose={close}
      size={1080}
      classNames={{ wrapper: 'schedule-drawer' }}
      footer={
        <div className="schedule-foot">
          <span className="quiet">
            {seen ? '核对下方预览后保存' : '保存前先预览：会新增、调整、保留哪些时段'}
          </span>
          <Space>
            <Reasoned reason={reason} loading={preview.isPending} onClick={look}>
              预览
            </Reasoned>
            <Button
              type="primary"
              disabled={!seen}
              loading={save.isPending}
              onClick={() =>
                seen &&
                save.mutate({
                  params: { id },
                  body: {
                    version: schedule?.version ?? null,
                    template: templateOf(form.getFieldsValue(true), week),
                  },
                })
              }
            >
              保存并生成
            </Button>
          </Space>
        </div>
      }
    >
      <Form form={form} layout="vertical" onValuesChange={changed} disabled={reason !== null}>
        <Fields form={form} choices={choices} fixed={schedule !== null} />
      </Form>
      <WeekGrid week={week} change={changeWeek} />
      <Exceptions week={week} change={changeWeek} />
      {problems.length > 0 && (
        <Alert
          className="schedule-problems"
          type="error"
          showIcon
          title={
            <ul>
              {problems.map((one) => (
                <li key={one}>{one}</li>
              ))}
            </ul>
          }
        />
      )}
      <div ref={previewEnd}>{seen && <Preview preview={seen.preview} />}</div>
    </Drawer>
  )
}
