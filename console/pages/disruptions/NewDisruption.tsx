import { disruptionMost } from '@jiyue/contract/disruption'
import { Alert } from 'antd'
import { useMemo, useState } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import { Page } from '../../parts/Page.tsx'
import { idsIn, paths } from '../../paths.ts'
import { ActForm } from './ActForm.tsx'
import { PickSlots } from './PickSlots.tsx'
import { Preview } from './Preview.tsx'
import { usePreview } from './usePreview.ts'
import './disruptions.scss'

/** Choosing slots that fall through, seeing whom that touches, and the one act (M9). */
export function Component() {
  const navigate = useNavigate()
  // From the calendar one comes with a slot in hand; a reload keeps what is chosen.
  const [search, setSearch] = useSearchParams()
  const [slotIds, setSlotIds] = useState<readonly string[]>(() => idsIn(search, 'slot'))
  const choose = (ids: readonly string[]) => {
    setSlotIds(ids)
    setSearch(
      (now) => {
        const next = new URLSearchParams(now)
        next.delete('slot')
        for (const id of ids) next.append('slot', id)
        return next
      },
      { replace: true },
    )
  }
  const [choiceIds, setChoiceIds] = useState<string[]>([])
  const tooMany = slotIds.length > disruptionMost.slots
  const preview = usePreview(tooMany ? [] : slotIds)
  // A choice that falls through itself, or was for slots no longer chosen, is none.
  const choices = useMemo(
    () => choiceIds.filter((id) => preview.data?.choices.some((slot) => slot.id === id)),
    [choiceIds, preview.data],
  )
  return (
    <Page title="发起紧急通知" about="选择时段、核对影响、写明安排，然后一次执行">
      <PickSlots chosen={slotIds} choose={choose} />
      {tooMany && (
        <Alert
          type="warning"
          showIcon
          title={`一次最多 ${disruptionMost.slots} 个时段，请减少选择，或分几次执行`}
        />
      )}
      {slotIds.length > 0 && !tooMany && (
        <Preview query={preview} choiceIds={choices} choose={setChoiceIds} />
      )}
      {slotIds.length > 0 && !tooMany && preview.data && (
        <ActForm
          slotIds={slotIds}
          choiceIds={choices}
          preview={preview.data}
          done={(id) => navigate(paths.disruption(id), { replace: true })}
        />
      )}
    </Page>
  )
}
