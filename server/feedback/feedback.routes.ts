import type { FastifyInstance } from 'fastify'
import { serve } from '../http/serve.ts'
import type { Parts } from '../parts.ts'
import { readCauses } from './causes.ts'
import {
  close,
  handle,
  listConsoleFeedback,
  readConsoleFeedback,
  readFeedbackPicture,
  reopen,
  write,
} from './desk.ts'
import { listFeedback, readFeedback, sayMore, tell } from './feedback.ts'

export function feedbackRoutes(app: FastifyInstance, parts: Parts): void {
  serve(app, parts, 'listFeedback', ({ caller }) => listFeedback(parts, caller.id))

  serve(app, parts, 'putFeedback', ({ params, body, caller }) =>
    tell(parts, { id: params.id, userId: caller.id, ...body }),
  )

  serve(app, parts, 'getFeedback', ({ params, caller }) =>
    readFeedback(parts, params.id, caller.id),
  )

  serve(app, parts, 'putFeedbackWords', ({ params, body, caller }) =>
    sayMore(parts, { id: params.wordsId, feedbackId: params.id, userId: caller.id, ...body }),
  )

  serve(app, parts, 'listConsoleFeedback', ({ query }) => listConsoleFeedback(parts, query))

  serve(app, parts, 'getConsoleFeedback', ({ params }) => readConsoleFeedback(parts, params.id))

  serve(app, parts, 'getFeedbackPicture', ({ params }) =>
    readFeedbackPicture(parts, params.id, params.pictureId),
  )

  serve(app, parts, 'putFeedbackHandling', ({ params, body, caller }) =>
    handle(parts, params.id, body, caller.id),
  )

  serve(app, parts, 'putConsoleFeedbackWords', ({ params, body, caller }) =>
    write(parts, params.id, { wordsId: params.wordsId, ...body }, caller.id),
  )

  serve(app, parts, 'putFeedbackClosure', ({ params, body, caller }) =>
    close(parts, params.id, body, caller.id),
  )

  serve(app, parts, 'putFeedbackReopening', ({ params, body, caller }) =>
    reopen(parts, params.id, body.reason, caller.id),
  )

  serve(app, parts, 'getFeedbackCauses', ({ query }) => readCauses(parts, query))
}
