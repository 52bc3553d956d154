import type { TemplateName } from '@jiyue/contract/reminder'

export const templateWords: Record<TemplateName, string> = {
  booking: '预约通知',
  start: '开始提醒',
  todo: '待办提醒',
  money: '退款通知',
}
