/** The kinds of questions a form may ask (R1), and what one question looks like. */

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

/** Characters or files at most, where the form does not say. */
export const usualMost = { text: 100, longText: 1000, file: 9 } as const

/** One question of a form, as the merchant set it up. */
export interface FormField {
  id: string
  kind: FieldKind
  label: string
  required: boolean
  hint?: string | undefined
  /** choice, choices and dropdown: what may be chosen (R5). */
  options?: { value: string; label: string }[] | undefined
  /**
   * Inclusive bounds: characters of a text, value of a number, count of choices and files,
   * days from today of a date (0 = today, -1 = yesterday).
   */
  min?: number | undefined
  max?: number | undefined
  /** The page of a long form this field stands on, from 0 (R9). */
  step?: number | undefined
  /** Why it is asked, shown to the person (X11). */
  purpose: string
  /** Days after the order's end at which the answer is erased (X11). */
  retentionDays: number
  /** Sealed at rest; phones and ID numbers always are, and masked wherever they are shown. */
  sensitive?: boolean | undefined
  /** Asked only while another field has this answer; of choices, while it is one of them. */
  visibleIf?: { field: string; equals: string | number | boolean } | undefined
}
