/** The merchant's people: roles, and the rights that single endpoints ask for (M10). */

export const roles = ['owner', 'manager', 'front_desk', 'finance', 'support'] as const
export type Role = (typeof roles)[number]

/**
 * money: the merchant's books and people's proofs; giving back, deciding, resolving differences.
 * export: taking people's registrations out of the house, phone and ID numbers whole (M2, X11).
 * check_in: at the desk, saying that a person came (B10).
 * audit: acknowledging what the auditor found, putting counters right, opening stopped slots (X1).
 * forms: changing and publishing registration forms (R1).
 * disruption: closing slots that fall through, with refunds and coupons for their people (M9).
 * settings: services, rules, promotions, schedules, staff, rooms, branches, the merchant's calendar (M11).
 * people: accounts of the console, their roles, their sessions (M10).
 * log: reading who changed what in the console (M10).
 * amend: changing an order's state or its registration by hand, with a reason (M7).
 * slots: adding, moving, resizing, closing and opening slots by hand; making private ones (M1 B5).
 * pictures: seeing the pictures in people's registrations, which may be of their papers (R1, X11).
 * care: looking after what people tell, their complaints and WeChat Pay's (M8).
 */
export const rights = [
  'money',
  'audit',
  'check_in',
  'forms',
  'settings',
  'export',
  'people',
  'log',
  'disruption',
  'amend',
  'care',
  'slots',
  'pictures',
] as const
export type Right = (typeof rights)[number]

export const rightsOf: Record<Role, readonly Right[]> = {
  owner: [
    'money',
    'audit',
    'check_in',
    'forms',
    'settings',
    'export',
    'people',
    'log',
    'disruption',
    'amend',
    'care',
    'slots',
    'pictures',
  ],
  manager: [
    'money',
    'audit',
    'check_in',
    'forms',
    'settings',
    'export',
    'log',
    'disruption',
    'amend',
    'care',
    'slots',
    'pictures',
  ],
  finance: ['money', 'audit'],
  front_desk: ['check_in', 'slots', 'pictures'],
  support: ['care'],
}

/**
 * Rights that a password alone does not give: the session has proved a code of the person's own
 * device too. Accounts are among them, for who may make an account may give it money's right; so is
 * the disruption desk, which gives everybody's money back.
 */
export const secondRights: readonly Right[] = ['money', 'people', 'disruption']

export const roleWords: Record<Role, string> = {
  owner: '店主',
  manager: '店长',
  front_desk: '前台',
  finance: '财务',
  support: '客服',
}

/** What a right lets one do, after 「不能」. */
export const rightWords: Record<Right, string> = {
  money: '处理款项',
  audit: '处理核对异常',
  check_in: '核销',
  forms: '修改报名表',
  settings: '修改设置、排班与资源',
  export: '导出报名',
  people: '管理员工账号',
  log: '查看操作记录',
  disruption: '发起紧急通知',
  amend: '手工修改订单与报名',
  care: '处理反馈与投诉',
  slots: '调整与开关时段',
  pictures: '查看报名图片',
}

/** True when `role` may do what asks for `right`; an unknown role may nothing. */
export function may(role: string, right: Right): boolean {
  return rightsOf[role as Role]?.includes(right) ?? false
}

/** Why this session may not; null when it may. `proven`: it was opened with a second step too. */
export function whyMayNot(
  { role, proven }: { role: string; proven: boolean },
  right: Right,
): 'forbidden' | 'second_needed' | null {
  if (!may(role, right)) return 'forbidden'
  return secondRights.includes(right) && !proven ? 'second_needed' : null
}

/** invited: has not set a password yet; inactive: cannot sign in until taken back. */
export const accountStates = ['invited', 'active', 'inactive'] as const
export type AccountState = (typeof accountStates)[number]

export const accountStateWords: Record<AccountState, string> = {
  invited: '待加入',
  active: '使用中',
  inactive: '已停用',
}

export const passwordLength = { min: 10, max: 200 }

/** Tried first by whoever guesses. */
const guessedFirst = [
  '1234567890',
  '0123456789',
  '0987654321',
  'qwertyuiop',
  'password12',
  'password123',
  'iloveyou520',
  '5201314520',
  'abcd123456',
  'abc1234567',
  'admin12345',
  'a123456789',
]

/** What is wrong with a new password, or null. Length and guessing matter, not signs and digits. */
export function passwordProblem(password: string, login: string): string | null {
  if (password.length < passwordLength.min) return `密码至少 ${passwordLength.min} 位`
  const plain = password.toLowerCase()
  if (plain.includes(login.toLowerCase())) return '密码不能包含账号'
  if (guessedFirst.includes(plain) || new Set(plain).size < 5) return '密码过于简单，请换一个'
  return null
}
