/** The kinds a form field may have, and a field as a form declares it (R1). */

export const fieldKindNames = [
  'text',
  'longText',
  'phone',
  'idCard',
  'email',
  'number',
  'choice',
  'choices',
  'dropdown',
  'date',
  'address',
  'company',
  'yesNo',
  'file',
] as const
export type FieldKind = (typeof fieldKindNames)[number]

export interface FormField {
  /** Unique within the form; the key of its answer. */
  id: string
  kind: FieldKind
  label: string
  required: boolean
  hint?: string | undefined
  options?: { value: string; label: string }[] | undefined
  /** Shortest length, smallest number or fewest choices, by kind. */
  min?: number | undefined
  max?: number | undefined
  /** Index into the form's steps (R9); 0 when absent. */
  step?: number | undefined
  /** Why the merchant asks, shown to the person (X11). */
  purpose: string
  /** Days after the service until the answer is erased (X11). */
  retentionDays: number
  /** Sealed at rest and masked in lists. */
  sensitive?: boolean | undefined
  visibleIf?: { field: string; equals: unknown } | undefined
}
