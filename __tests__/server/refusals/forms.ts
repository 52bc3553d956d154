/** Refusals of the form editor's endpoints. */
import { randomUUID } from 'node:crypto'
import type { FormField } from '@jiyue/contract/fields/kinds'
import { lecture } from '../../../server/demo/world.ts'
import { must } from '../../world.ts'
import { text } from '../forming.ts'
import { ask, byId, owner, refuses } from './setting.ts'

/** The lecture's draft, as somebody has just saved it. */
async function drafted(count = 1, more: Partial<FormField> = {}): Promise<string> {
  await must(owner.call, 'deleteFormDraft', byId(lecture))
  const revision = randomUUID()
  const fields = Array.from({ length: count }, (_, at) => text(`f${at}`, more))
  const body = { steps: [], fields, revision, basedOn: null }
  await must(owner.call, 'putFormDraft', { ...byId(lecture), body })
  return revision
}

const save = (id: string, basedOn: string | null) =>
  ask(owner.token, 'putFormDraft', {
    ...byId(id),
    body: { steps: [], fields: [], revision: randomUUID(), basedOn },
  })

const publish = (id: string, revision: string, version = 2) =>
  ask(owner.token, 'putFormVersion', { params: { id, version }, body: { revision } })

export function formRefusals(): void {
  refuses('getAnswerPicture', 'not_found', () =>
    ask(owner.token, 'getAnswerPicture', {
      params: { id: randomUUID(), pictureId: randomUUID() },
    }),
  )
  refuses('getForm', 'not_found', () => ask(owner.token, 'getForm', byId()))
  refuses('putFormDraft', 'not_found', () => save(randomUUID(), null))
  refuses('putFormDraft', 'form_draft_changed', async () => {
    await drafted()
    return save(lecture, null)
  })
  refuses('deleteFormDraft', 'not_found', () => ask(owner.token, 'deleteFormDraft', byId()))
  refuses('putFormVersion', 'not_found', () => publish(randomUUID(), randomUUID()))
  refuses('putFormVersion', 'form_draft_changed', async () => {
    await drafted()
    return publish(lecture, randomUUID())
  })
  refuses('putFormVersion', 'form_over_budget', async () => publish(lecture, await drafted(5)))
  refuses('putFormVersion', 'invalid_fields', async () =>
    publish(lecture, await drafted(1, { label: '' })),
  )
}
