import type { Input as Asking, Reply } from '@jiyue/contract/schema/wire'
import { addDays, dateText, dayOf, instantOf } from '@jiyue/contract/time'
import { App, Button, DatePicker, Empty, Form, Input, Radio, Skeleton, Tag } from 'antd'
import type { Dayjs } from 'dayjs'
import dayjs from 'dayjs'
import { useState } from 'react'
import { Link } from 'react-router'
import { useAct } from '../../acting.ts'
import { queries, useAsk } from '../../asking.ts'
import { serverNow } from '../../clock.ts'
import { translated } from '../../english/text.ts'
import { Asked } from '../../parts/Asked.tsx'
import { BeforeAfter } from '../../parts/BeforeAfter.tsx'
import { Reasoned } from '../../parts/Reasoned.tsx'
import { useUndo } from '../../parts/useUndo.tsx'
import { paths } from '../../paths.ts'

type CalendarDay = Reply<'listDays'>['days'][number]

/** 营业日历: public holidays and make-up workdays as the library has them, and what the merchant says. */
export function Calendar({ reason }: { reason: string | null }) {
  const today = dayOf(serverNow())
  const days = useAsk('listDays', { query: { from: today, to: addDays(today, 180) } })
  return (
    <section className="card">
      <AddDay reason={reason} known={days.data?.days ?? []} />
      <Asked query={days} waiting={<Skeleton active paragraph={{ rows: 6 }} />}>
        {(data) => <Days days={data.days} reason={reason} />}
      </Asked>
    </section>
  )
}

interface DayValues {
  day: Dayjs
  open: boolean
  name?: string
}

type Wish = Asking<'putDay'>

const dayWord = (open: boolean, name: string | null) =>
  `${open ? '营业' : '休业'}${name ? `（${name}）` : ''}`

function AddDay({ reason, known }: { reason: string | null; known: CalendarDay[] }) {
  const { message } = App.useApp()
  const [form] = Form.useForm<DayValues>()
  const [wish, setWish] = useState<Wish | null>(null)
  const before = known.find(({ day }) => day === wish?.params.day)
  const put = useAct('putDay', {
    form: { form },
    done(saved) {
      setWish(null)
      void queries.invalidateQueries()
      message.success(`${dateText(instantOf(saved.day))} 已设为${saved.open ? '营业' : '休业'}`)
      form.resetFields()
    },
  })
  return (
    <Form
      form={form}
      layout="inline"
      className="special-form"
      initialValues={{ open: false }}
      onFinish={({ day, open, name }) =>
        setWish({
          params: { day: day.format('YYYY-MM-DD') },
          body: { open, name: name?.trim() || null },
        })
      }
    >
      <Form.Item name="day" label="日期" rules={[{ required: true, message: '请选择日期' }]}>
        <DatePicker
          inputReadOnly
          minDate={dayjs(dayOf(serverNow()))}
          format="YYYY-MM-DD"
          placeholder="选择日期"
        />
      </Form.Item>
      <Form.Item name="open">
        <Radio.Group
          optionType="button"
          options={[
            { value: false, label: '休业' },
            { value: true, label: '营业' },
          ]}
        />
      </Form.Item>
      <Form.Item name="name" label="说明">
        <Input maxLength={20} placeholder="如：门店盘点" />
      </Form.Item>
      <Reasoned type="primary" htmlType="submit" reason={reason} loading={put.isPending}>
        设定
      </Reasoned>
      <Link className="special-history" to={paths.log({ object: 'days' })}>
        修改历史
      </Link>
      {wish && (
        <BeforeAfter
          differences={[
            {
              label: dateText(instantOf(wish.params.day)),
              before: before ? dayWord(before.open, before.name) : '按日历',
              after: dayWord(wish.body.open, wish.body.name),
            },
          ]}
          note="发布后用户端立即生效：休业日不可预约；已有的预约不变，需要改期请用「紧急通知」"
          busy={put.isPending}
          close={() => setWish(null)}
          publish={() => put.mutate(wish, { onError: () => setWish(null) })}
        />
      )}
    </Form>
  )
}

function Days({ days, reason }: { days: CalendarDay[]; reason: string | null }) {
  const special = days.filter(({ kind, byMerchant }) => byMerchant || isNamed(kind))
  if (special.length === 0)
    return <Empty description="未来半年没有节假日与特别安排，选择日期即可设定" />
  return (
    <ul className="special-days" aria-label="特别日期">
      {special.map((one) => (
        <CalendarRow key={one.day} day={one} reason={reason} />
      ))}
    </ul>
  )
}

const isNamed = (kind: CalendarDay['kind']) => kind === 'holiday' || kind === 'makeup'

function CalendarRow({ day, reason }: { day: CalendarDay; reason: string | null }) {
  const undo = useUndo()
  const done = () => void queries.invalidateQueries()
  const put = useAct('putDay', { done })
  const restore = useAct('deleteDay', { done })
  const params = { day: day.day }
  return (
    <li>
      <strong>{dateText(instantOf(day.day))}</strong>
      <span>{day.name ? translated(day.name) : day.open ? '营业' : '休业'}</span>
      <Tag color={day.open ? 'green' : 'default'}>{day.open ? '营业' : '休业'}</Tag>
      <span className="quiet">{day.byMerchant ? '商家设定' : '法定安排'}</span>
      <span className="special-act">
        {day.byMerchant && (
          <Button
            type="link"
            disabled={reason !== null}
            loading={restore.isPending}
            onClick={() => restore.mutate({ params })}
          >
            恢复法定安排
          </Button>
        )}
        <Reasoned
          reason={reason}
          loading={put.isPending}
          onClick={() =>
            put.mutate(
              { params, body: { open: !day.open, name: day.name } },
              {
                onSuccess: () =>
                  undo(`${dateText(instantOf(day.day))} 已改为${day.open ? '休业' : '营业'}`, () =>
                    day.byMerchant
                      ? put.mutate({ params, body: { open: day.open, name: day.name } })
                      : restore.mutate({ params }),
                  ),
              },
            )
          }
        >
          {day.open ? '改为休业' : '改为营业'}
        </Reasoned>
      </span>
    </li>
  )
}
