/** The archive 备份归档 of the database (T2): what the console says about it. */

/** Each state with the words over every page; `following` needs none. */
export const archiveStates = {
  following: '',
  away: '备份位置没有响应',
  silent: '备份程序没有运行',
  /** Follows, but has no recent base backup. */
  late: '基础备份未完成',
} as const
export type ArchiveState = keyof typeof archiveStates

/** What that means for a person: trade goes on whatever it is. */
export const archiveMeans = {
  following: '',
  away: '营业不受影响，但新数据暂时只在一块硬盘上',
  silent: '营业不受影响，但新数据暂时只在一块硬盘上',
  late: '营业不受影响，恢复会用更早的备份，耗时更长',
} as const satisfies Record<ArchiveState, string>
