import type { Amendment } from '@jiyue/contract/schema/registrations'
import { exactText } from '../../stamp.ts'

/** What the merchant's people changed of the registration: each answer before and after, by whom and why. */
export function OrderAmendments({ amendments }: { amendments: readonly Amendment[] }) {
  if (amendments.length === 0) return null
  return (
    <section className="drawer-part" aria-label="修改记录">
      <h3>修改记录</h3>
      <ul className="nudge-list">
        {amendments.map(({ id, at, byName, reason, changes }) => (
          <li key={id} className="nudge-row">
            <span className="two">
              {changes.map(({ label, before, after }) => (
                <span key={label}>
                  {label}：{before ?? '（空）'} → {after ?? '（空）'}
                </span>
              ))}
              <small className="quiet">
                「{reason}」 {byName} {exactText(at)}
              </small>
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
