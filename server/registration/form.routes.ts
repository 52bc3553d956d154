import type { FastifyInstance } from 'fastify'
import { refuse } from '../http/refusal.ts'
import { serve } from '../http/serve.ts'
import type { Parts } from '../parts.ts'
import { dropFormDraft, listForms, publishForm, readFormPage, saveFormDraft } from './form.ts'
import { readAnswerPicture } from './pictures.ts'

export function formRoutes(app: FastifyInstance, parts: Parts): void {
  serve(app, parts, 'listForms', () => listForms(parts))

  serve(app, parts, 'getForm', ({ params }) => readFormPage(parts, params.id))

  serve(app, parts, 'putFormDraft', ({ params, body, caller }) =>
    saveFormDraft(parts, params.id, body, caller.id),
  )

  serve(app, parts, 'deleteFormDraft', ({ params }) => dropFormDraft(parts, params.id))

  serve(app, parts, 'putFormVersion', ({ params, body, caller }) =>
    publishForm(parts, params.id, { version: params.version, ...body }, caller.id),
  )

  serve(app, parts, 'getAnswerPicture', async ({ params }) => {
    return (await readAnswerPicture(parts.db, params.id, params.pictureId)) ?? refuse('not_found')
  })
}
