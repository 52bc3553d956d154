/** Refusals of what messages say (M11). */
import { must } from '../../world.ts'
import { ask, owner, refuses } from './setting.ts'

const body = { text: '{服务}', hint: null, off: false, revision: 'read by nobody' }
const unpaid = { params: { kind: 'unpaid' as const } }
const template = { params: { host: 'weapp' as const, template: 'start' as const } }

export function wordingRefusals(): void {
  refuses('putWording', 'settings_changed', () =>
    ask(owner.token, 'putWording', { ...unpaid, body }),
  )
  refuses('putWording', 'invalid_fields', () =>
    ask(owner.token, 'putWording', { ...unpaid, body: { ...body, text: '尊敬的{姓名}' } }),
  )
  refuses('putHostTemplate', 'settings_changed', () =>
    ask(owner.token, 'putHostTemplate', { ...template, body: { set: null, revision: 'old' } }),
  )
  refuses('putHostTemplate', 'invalid_fields', async () => {
    const { templates } = await must(owner.call, 'listWording', {})
    const { revision } = templates[0] as { revision: string }
    const set = { id: 'template-of-nobody', keys: { time1: 'service' as const } }
    return ask(owner.token, 'putHostTemplate', { ...template, body: { set, revision } })
  })
}
