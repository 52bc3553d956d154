import type { Coverage } from '@jiyue/contract/area'
import type { FormField } from '@jiyue/contract/fields/kinds'

/** What every kind's component is given. Its shell (label, hint, error) is drawn around it. */
export interface FieldProps {
  field: FormField
  /** As typed or as kept; undefined before the first touch. */
  value: unknown
  /** The sentence beside it, or beside one of its parts (address, company). */
  error: (part?: string) => string | undefined
  /** Where the service comes to; null: everywhere, or people come to a branch. */
  coverage: Coverage | null
  /** While typing. */
  onType: (value: unknown) => void
  /** The finger has left. */
  onFinish: () => void
  /** Chosen in one tap: typed and finished. */
  onPick: (value: unknown) => void
  /** For pictures. */
  files: {
    /** One is on its way. */
    sending: boolean
    /** By the picture's id. */
    previews: Readonly<Record<string, string>>
    onAdd: () => void
  }
}

/** Typed answers as text for an input. */
export function textOf(value: unknown): string {
  return value === undefined || value === null ? '' : String(value)
}
