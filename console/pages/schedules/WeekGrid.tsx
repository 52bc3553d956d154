import { PlusOutlined } from '@ant-design/icons'
import { minuteText, type Span, weekdayWords } from '@jiyue/contract/schedule'
import { Button, Popover, Segmented } from 'antd'
import { type PointerEvent, useState } from 'react'
import { SpanForm } from './SpanForm.tsx'
import type { Week } from './values.ts'

interface WeekGridProps {
  week: Week
  change: (week: Week) => void
}

/** What a new span is. */
type Brush = 'weekly' | 'breaks'
const brushWords: Record<Brush, string> = { weekly: '可约', breaks: '休息' }

/** Hours in sight; spans outside are there all the same, at the edge. */
const [firstHour, lastHour] = [6, 24]
const minutesInSight = (lastHour - firstHour) * 60
const snap = 30
const weekdays = [1, 2, 3, 4, 5, 6, 0]

interface Drag {
  weekday: number
  from: number
  to: number
}

/**
 * The week, a column a day: drag to add a span, tap one to set its minutes, copy it or take it away.
 * Everything a pointer does here a keyboard does by the plus of each day and the spans' buttons.
 */
export function WeekGrid({ week, change }: WeekGridProps) {
  const [brush, setBrush] = useState<Brush>('weekly')
  const [drag, setDrag] = useState<Drag | null>(null)
  const [open, setOpen] = useState<string | null>(null)

  const add = (kind: Brush, weekday: number, span: Span) => {
    const list = week[kind]
    change({ ...week, [kind]: [...list, { weekday, ...span }] })
    setOpen(`${kind} ${list.length}`)
  }
  const minuteAt = (event: PointerEvent<HTMLElement>) => {
    const { top, height } = event.currentTarget.getBoundingClientRect()
    const share = Math.min(1, Math.max(0, (event.clientY - top) / height))
    return firstHour * 60 + Math.round((share * minutesInSight) / snap) * snap
  }
  const begin = (weekday: number) => (event: PointerEvent<HTMLDivElement>) => {
    if (event.target !== event.currentTarget || event.button !== 0) return
    event.currentTarget.setPointerCapture(event.pointerId)
    const at = Math.min(minuteAt(event), lastHour * 60 - snap)
    setDrag({ weekday, from: at, to: at + snap })
  }
  const pull = (event: PointerEvent<HTMLDivElement>) => {
    if (drag) setDrag({ ...drag, to: minuteAt(event) })
  }
  const end = () => {
    if (!drag) return
    const [from, to] = [Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)]
    setDrag(null)
    if (to > from) add(brush, drag.weekday, { from, to })
  }
  return (
    <section className="week" aria-label="每周可约时间">
      <header className="week-head">
        <h3>每周可约时间</h3>
        <Segmented<Brush>
          aria-label="添加的内容"
          value={brush}
          onChange={setBrush}
          options={(['weekly', 'breaks'] as const).map((value) => ({
            value,
            label: brushWords[value],
          }))}
        />
        <span className="quiet">在某天拖动即可添加{brushWords[brush]}时间，点开可精确到分钟</span>
      </header>
      <div className="week-grid">
        <div className="week-hours" aria-hidden>
          {Array.from({ length: (lastHour - firstHour) / 2 + 1 }, (_, i) => firstHour + i * 2).map(
            (hour) => (
              <span key={hour} style={{ top: `${position(hour * 60)}%` }}>
                {minuteText(hour * 60)}
              </span>
            ),
          )}
        </div>
        {weekdays.map((weekday) => (
          <div key={weekday} className="week-day">
            <div className="week-day-head">
              {weekdayWords[weekday]}
              <Button
                type="text"
                size="small"
                icon={<PlusOutlined />}
                aria-label={`${weekdayWords[weekday]}添加${brushWords[brush]}时间`}
                onClick={() =>
                  add(
                    brush,
                    weekday,
                    brush === 'weekly' ? { from: 540, to: 1080 } : { from: 720, to: 780 },
                  )
                }
              />
            </div>
            <div
              className="week-track"
              onPointerDown={begin(weekday)}
              onPointerMove={pull}
              onPointerUp={end}
              onPointerCancel={() => setDrag(null)}
            >
              {(['weekly', 'breaks'] as const).flatMap((kind) =>
                week[kind].map((span, index) =>
                  span.weekday === weekday || span.weekday === null ? (
                    <Popover
                      // biome-ignore lint/suspicious/noArrayIndexKey: a span has no name but its place
                      key={`${kind} ${index}`}
                      trigger="click"
                      destroyOnHidden
                      open={open === `${kind} ${index}` && (span.weekday !== null || weekday === 1)}
                      onOpenChange={(next) => setOpen(next ? `${kind} ${index}` : null)}
                      content={
                        <SpanForm
                          kind={brushWords[kind]}
                          span={span}
                          everyDay={kind === 'breaks'}
                          set={(next) => change(replaced(week, kind, index, [next]))}
                          remove={() => {
                            setOpen(null)
                            change(replaced(week, kind, index, []))
                          }}
                          copyTo={(days) => {
                            setOpen(null)
                            change(copied(week, kind, index, days))
                          }}
                        />
                      }
                    >
                      <button
                        type="button"
                        className={`week-span week-${kind}`}
                        style={placed(span)}
                        aria-label={`${weekdayWords[weekday]} ${brushWords[kind]} ${spanText(span)}`}
                      >
                        <strong>{brushWords[kind]}</strong>
                        <span>{spanText(span)}</span>
                      </button>
                    </Popover>
                  ) : null,
                ),
              )}
              {drag?.weekday === weekday && (
                <div
                  className={`week-span week-${brush} week-drawn`}
                  style={placed({
                    from: Math.min(drag.from, drag.to),
                    to: Math.max(drag.from, drag.to),
                  })}
                />
              )}
            </div>
          </div>
        ))}
      </div>
    </section>
  )
}

const spanText = ({ from, to }: Span) => `${minuteText(from)}–${minuteText(to)}`

function position(minute: number): number {
  const share = ((minute - firstHour * 60) / minutesInSight) * 100
  return Math.min(100, Math.max(0, share))
}

function placed({ from, to }: Span) {
  const top = position(from)
  return { top: `${top}%`, height: `${Math.max(position(to) - top, 2.5)}%` }
}

function replaced(week: Week, kind: Brush, index: number, by: readonly object[]): Week {
  const list = [...week[kind]] as object[]
  list.splice(index, 1, ...by)
  return { ...week, [kind]: list }
}

/** The span's day as it is on other days: there it takes the place of what was of its kind. */
function copied(week: Week, kind: Brush, index: number, days: readonly number[]): Week {
  const of = week[kind][index]?.weekday
  const own = week[kind].filter(({ weekday }) => weekday === of)
  const others = days.filter((day) => day !== of)
  const kept = week[kind].filter(({ weekday }) => weekday === null || !others.includes(weekday))
  const added = others.flatMap((weekday) => own.map((span) => ({ ...span, weekday })))
  return { ...week, [kind]: [...kept, ...added] }
}
