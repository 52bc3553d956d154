/** The merchant's people: roles, and the rights that single endpoints ask for (M10). */

export const roles = ['owner', 'manager', 'front_desk', 'finance', 'support'] as const
export type Role = (typeof roles)[number]

/**
 * money: the merchant's books and people's proofs; giving back, deciding, resolving differences.
 * export: taking people's registrations out of the house, phone and ID numbers whole (M2, X11).
 * check_in: at the desk, saying that a person came (B10).
 * audit: acknowledging what the auditor found, putting counters right, opening stopped slots (X1).
 * forms: changing and publishing registration forms (R1).
 * settings: schedules, staff, rooms, branches, the merchant's calendar (M11).
 */
export const rights = ['money', 'audit', 'check_in', 'forms', 'settings', 'export'] as const
export type Right = (typeof rights)[number]

export const rightsOf: Record<Role, readonly Right[]> = {
  owner: ['money', 'audit', 'check_in', 'forms', 'settings', 'export'],
  manager: ['money', 'audit', 'check_in', 'forms', 'settings', 'export'],
  finance: ['money', 'audit'],
  front_desk: ['check_in'],
  support: [],
}

export const roleWords: Record<Role, string> = {
  owner: '店主',
  manager: '店长',
  front_desk: '前台',
  finance: '财务',
  support: '客服',
}

/** True when `role` may do what asks for `right`; an unknown role may nothing. */
export function may(role: string, right: Right): boolean {
  return rightsOf[role as Role]?.includes(right) ?? false
}
