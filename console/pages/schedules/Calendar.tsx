import type { Input as Asking, Reply } from '@jiyue/contract/schema/wire'
import { addDays, dateText, dayOf, instantOf } from '@jiyue/contract/time'
import { Alert, App, Button, DatePicker, Empty, Form, Input, Radio, Skeleton, Tag } from 'antd'
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
      {days.data && <Unknown {...days.data} />}
      <AddDays reason={reason} known={days.data?.days ?? []} />
      <Asked query={days} waiting={<Skeleton active paragraph={{ rows: 6 }} />}>
        {(data) => <Days days={data.days} reason={reason} />}
      </Asked>
    </section>
  )
}

/** Days are shown whose public holidays nobody has told us: the merchant has to say them. */
function Unknown({ days, officialUntil }: Reply<'listDays'>) {
  const beyond = days.filter(({ day }) => day > officialUntil)
  if (beyond.length === 0) return null
  const year = Number(officialUntil.slice(0, 4)) + 1
  const said = beyond.filter(({ byMerchant }) => byMerchant).length
  return (
    <Alert
      className="special-unknown"
      showIcon
      type={said > 0 ? 'info' : 'warning'}
      title={`${year} 年的法定节假日安排尚未收录`}
      description={
        said > 0
          ? `已设定 ${said} 天。其余日期按平日与周末营业，放假与调休以您在此设定的为准`
          : '国务院公布后，请在此设定放假与调休上班的日期；在设定之前，节假日会按平日与周末开放预约'
      }
    />
  )
}

/** What the merchant says of a day, and how it is kept. */
const arrangements = {
  off: { zh: '休业', open: false, kind: null },
  open: { zh: '营业', open: true, kind: null },
  holiday: { zh: '法定节假日', open: false, kind: 'holiday' },
  makeup: { zh: '调休上班', open: true, kind: 'makeup' },
} as const
type Arrangement = keyof typeof arrangements
const arrangementNames = Object.keys(arrangements) as Arrangement[]

interface DayValues {
  days: [Dayjs, Dayjs]
  as: Arrangement
  name?: string
}

type Wish = Asking<'putDay'>

const dayWord = (open: boolean, name: string | null) =>
  `${open ? '营业' : '休业'}${name ? `（${name}）` : ''}`

/** What these days are now, one after the other where they differ. */
function beforeText(known: readonly CalendarDay[], { params, body }: Wish): string {
  const own = known.filter(({ day }) => day >= params.day && day <= (body.until ?? params.day))
  const words = [...new Set(own.map(({ open, name }) => dayWord(open, name)))]
  return words.length > 0 ? words.join('、') : '按日历'
}

const daysText = ({ params: { day }, body: { until = day } }: Wish) =>
  until === day
    ? dateText(instantOf(day))
    : `${dateText(instantOf(day))} 至 ${dateText(instantOf(until))}`

function AddDays({ reason, known }: { reason: string | null; known: CalendarDay[] }) {
  const { message } = App.useApp()
  const [form] = Form.useForm<DayValues>()
  const [wish, setWish] = useState<Wish | null>(null)
  const put = useAct('putDay', {
    form: { form },
    done(saved, asked) {
      setWish(null)
      void queries.invalidateQueries()
      message.success(`${daysText(asked)} 已设为${saved.open ? '营业' : '休业'}`)
      form.resetFields()
    },
  })
  return (
    <Form
      form={form}
      layout="inline"
      className="special-form"
      initialValues={{ as: 'off' }}
      onFinish={({ days: [from, to], as, name }) => {
        const { open, kind } = arrangements[as]
        const until = to.format('YYYY-MM-DD')
        setWish({
          params: { day: from.format('YYYY-MM-DD') },
          body: { open, kind, name: name?.trim() || null, until },
        })
      }}
    >
      <Form.Item name="days" label="日期" rules={[{ required: true, message: '请选择日期' }]}>
        <DatePicker.RangePicker
          inputReadOnly
          minDate={dayjs(dayOf(serverNow()))}
          format="YYYY-MM-DD"
          placeholder={['第一天', '最后一天']}
        />
      </Form.Item>
      <Form.Item name="as">
        <Radio.Group
          optionType="button"
          aria-label="如何安排"
          options={arrangementNames.map((value) => ({ value, label: arrangements[value].zh }))}
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
              label: daysText(wish),
              before: beforeText(known, wish),
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

/** Opened or closed, it stays the holiday it is. */
const kindOf = ({ kind }: CalendarDay) => (kind === 'holiday' || kind === 'makeup' ? kind : null)

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
              { params, body: { open: !day.open, name: day.name, kind: kindOf(day) } },
              {
                onSuccess: () =>
                  undo(`${dateText(instantOf(day.day))} 已改为${day.open ? '休业' : '营业'}`, () =>
                    day.byMerchant
                      ? put.mutate({
                          params,
                          body: { open: day.open, name: day.name, kind: kindOf(day) },
                        })
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
