/** Shapes of the form editor's endpoints (contract/api/form.ts). */
import { z } from 'zod'
import { fieldKindNames } from '../fields/kinds.ts'
import { formLimits } from '../form.ts'
import { form, formField, id, instant, picture, serviceKind, strict } from './parts.ts'

const byId = strict({ id })

/** Longer than what may be published, so that half-made drafts can be kept. */
const title = (most: number) => z.string().max(most * 2)
const bound = z.int().min(-1_000_000_000).max(1_000_000_000)

/** A field as the editor sends it: `formField`, every text with an end. */
const fieldDesign = strict({
  id: z.string().regex(/^[a-z][a-zA-Z0-9]{0,31}$/),
  kind: z.enum(fieldKindNames),
  label: title(formLimits.labelLength),
  required: z.boolean(),
  hint: title(formLimits.hintLength).optional(),
  options: z
    .array(strict({ value: title(formLimits.optionLength), label: title(formLimits.optionLength) }))
    .max(formLimits.options)
    .optional(),
  min: bound.optional(),
  max: bound.optional(),
  step: z
    .int()
    .min(0)
    .max(formLimits.steps - 1)
    .optional(),
  purpose: title(formLimits.purposeLength),
  retentionDays: z.int().min(1).max(formLimits.retentionDays),
  sensitive: z.boolean().optional(),
  visibleIf: strict({
    field: z.string().max(32),
    equals: z.union([z.string().max(64), z.number(), z.boolean()]),
  }).optional(),
})

const design = {
  steps: z.array(title(formLimits.stepLength)).max(formLimits.steps),
  /** More than any budget: the editor says so, and publishing refuses. */
  fields: z.array(fieldDesign).max(20),
}

const draft = z.object({
  steps: z.array(z.string()),
  fields: z.array(formField),
  revision: id,
  savedAt: instant,
  savedBy: z.string(),
})

const service = z.object({ id, name: z.string(), kind: serviceKind })

const formPage = z.object({
  service,
  /** Newest first; the first is what people fill in now. */
  versions: z.array(
    form.extend({
      publishedAt: instant,
      /** Null for the ones that came with the system. */
      publishedBy: z.string().nullable(),
    }),
  ),
  draft: draft.nullable(),
})

export const formWire = {
  listForms: {
    reply: z.object({
      forms: z.array(
        z.object({
          service,
          version: z.int(),
          fieldCount: z.int(),
          publishedAt: instant,
          hasDraft: z.boolean(),
        }),
      ),
    }),
  },
  getForm: { params: byId, reply: formPage },
  putFormDraft: {
    params: byId,
    body: strict({
      ...design,
      revision: id,
      /** The draft it was made from; null where there was none. */
      basedOn: id.nullable(),
    }),
    reply: formPage,
  },
  deleteFormDraft: { params: byId, reply: formPage },
  putFormVersion: {
    params: strict({ id, version: z.coerce.number().int().min(1).max(100_000) }),
    /** The draft that was seen in the preview: no other one is published. */
    body: strict({ revision: id }),
    reply: formPage,
  },
  getAnswerPicture: {
    params: strict({ id, pictureId: id }),
    reply: picture,
  },
} as const

export type FormPage = z.output<typeof formPage>
export type FormVersion = FormPage['versions'][number]
