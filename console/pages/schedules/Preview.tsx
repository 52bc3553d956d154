import { fateReasons, type SlotFate, slotFates } from '@jiyue/contract/schedule'
import type { PreviewedSlot } from '@jiyue/contract/schema/schedule'
import type { Reply } from '@jiyue/contract/schema/wire'
import { clockText, dateText, instantOf } from '@jiyue/contract/time'
import { Alert } from 'antd'

const shown: readonly SlotFate[] = ['add', 'change', 'stay', 'remove', 'skip', 'keep']

/** What saving will do, day by day: new, changed, kept for who booked, taken away. */
export function Preview({ preview }: { preview: Reply<'previewSchedule'> }) {
  const { counts, slots, days } = preview
  const none = slots.length === 0
  return (
    <section className="preview" aria-label="生成预览">
      <header className="week-head">
        <h3>生成预览</h3>
        <ul className="preview-counts">
          {shown
            .filter((fate) => counts[fate] > 0)
            .map((fate) => (
              <li key={fate} className={`fate-${fate}`} title={slotFates[fate].means}>
                {slotFates[fate].zh} <b>{counts[fate]}</b>
              </li>
            ))}
        </ul>
      </header>
      {counts.stay > 0 && (
        <Alert
          type="info"
          showIcon
          title={`${counts.stay} 个时段保持原样：已有预约或手动调整过，不会改动`}
        />
      )}
      {none && <p className="quiet">这份模板在所选范围内不会生成任何时段</p>}
      <div className="preview-days">
        {days.map(({ day, name, open }) => {
          const own = slots.filter((slot) => slot.day === day)
          if (own.length === 0 && open) return null
          return (
            <div key={day} className="preview-day">
              <h4>
                {dateText(instantOf(day))}
                {(name || !open) && <em>{name ?? '休业'}</em>}
              </h4>
              {own.length === 0 && <p className="quiet">不排</p>}
              <ul>
                {own.map((slot) => (
                  <Slot key={`${slot.startsAt} ${slot.fate}`} slot={slot} />
                ))}
              </ul>
            </div>
          )
        })}
      </div>
    </section>
  )
}

function Slot({ slot }: { slot: PreviewedSlot }) {
  const { fate, why, taken } = slot
  const reason = [why && fateReasons[why], taken > 0 && `${taken} 人`].filter(Boolean).join(' ')
  return (
    <li className={`preview-slot fate-${fate}`}>
      <span>
        {clockText(slot.startsAt)}–{clockText(slot.endsAt)}
      </span>
      <b>{slotFates[fate].zh}</b>
      {reason && <small>{reason}</small>}
    </li>
  )
}
