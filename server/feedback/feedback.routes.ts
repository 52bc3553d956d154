import type { FastifyInstance, FastifyReply } from 'fastify'
import { serve } from '../http/serve.ts'
import type { Parts } from '../parts.ts'
import { readCauses } from './causes.ts'
import { hearComplaint } from './complaints.ts'
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

/** Where WeChat calls about complaints; its bytes are verified as they came (payment.routes.ts). */
export function complaintNotices(app: FastifyInstance, parts: Parts): void {
  const { noticeAnswer, complaints } = parts.gateways.wechat
  const answer = (reply: FastifyReply, kind: 'accepted' | 'refused') => {
    const { status, type, body } = noticeAnswer[kind]
    return reply.code(status).type(type).send(body)
  }
  app.post('/v1/notices/wechat/complaint', { schema: { hide: true } }, async (request, reply) => {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
    const notice = await complaints?.readNotice(request.headers, body, parts.now())
    if (!notice?.ok) {
      request.log.warn({ reason: notice?.reason ?? 'not_set_up' }, 'complaint notice refused')
      return answer(reply, 'refused')
    }
    const isTaken = await hearComplaint(parts, notice.complaintId)
    return answer(reply, isTaken ? 'accepted' : 'refused')
  })
}
