/** Forms for stories: the merchant's own way, through the console's endpoints. */
import { randomUUID } from 'node:crypto'
import type { FormField } from '@jiyue/contract/fields/kinds'
import { must, signInOwner, type World } from './world.ts'

/** Publishes a form for a service; its version. */
export async function publishForm(
  world: World,
  serviceId: string,
  fields: FormField[],
  steps: string[] = [],
): Promise<number> {
  const { call } = await signInOwner(world)
  const params = { id: serviceId }
  const { versions, draft } = await must(call, 'getForm', { params })
  const version = (versions[0]?.version ?? 0) + 1
  const revision = randomUUID()
  const basedOn = draft?.revision ?? null
  await must(call, 'putFormDraft', { params, body: { steps, fields, revision, basedOn } })
  await must(call, 'putFormVersion', { params: { ...params, version }, body: { revision } })
  return version
}
