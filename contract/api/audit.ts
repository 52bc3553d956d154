/** Endpoints of the auditor (X1), for the console. */
import type { Endpoint } from '../api.ts'

export const auditEndpoints = {
  getAudit: {
    method: 'GET',
    path: '/v1/console/audits/current',
    who: 'merchant',
    does: 'How far the auditor has come, and how much it found (X1)',
    refusals: [],
  },
  listFindings: {
    method: 'GET',
    path: '/v1/console/audits/findings',
    who: 'merchant',
    does: 'What the auditor found, newest first, 50 a page; open ones, or all (X1)',
    refusals: [],
  },
  putAcknowledgement: {
    method: 'PUT',
    path: '/v1/console/audits/findings/:id/acknowledgement',
    who: 'merchant',
    right: 'audit',
    does: 'Says that a person has taken note of a finding and what they do about it',
    refusals: ['not_found', 'finding_over'],
  },
  putRecount: {
    method: 'PUT',
    path: '/v1/console/audits/findings/:id/recount',
    who: 'merchant',
    right: 'audit',
    does: 'Puts a slot’s counter right from its orders; its sale stays stopped',
    refusals: ['not_found', 'finding_over', 'recount_refused', 'staff_busy', 'room_busy'],
  },
  deleteStop: {
    method: 'DELETE',
    path: '/v1/console/slots/:id/stop',
    who: 'merchant',
    right: 'audit',
    does: 'Sells a slot again that the auditor stopped, once its seats agree',
    refusals: ['not_found', 'finding_open'],
  },
} as const satisfies Record<string, Endpoint>
