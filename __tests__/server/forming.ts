/** Fields for tests about forms. */
import type { FormField } from '@jiyue/contract/fields/kinds'

/** A field that may be published. */
export function text(id: string, more: Partial<FormField> = {}): FormField {
  return {
    id,
    kind: 'text',
    label: `问题 ${id}`,
    required: false,
    purpose: '安排服务',
    retentionDays: 30,
    ...more,
  }
}

export const twoOptions = [
  { value: 'a', label: '甲' },
  { value: 'b', label: '乙' },
]
