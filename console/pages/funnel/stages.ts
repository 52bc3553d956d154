import type { Reply } from '@jiyue/contract/schema/wire'
import { translated } from '../../english/text.ts'

type Service = Reply<'getFunnel'>['services'][number]
export type Steps = Reply<'getFunnel'>['all']

export interface Stage {
  key: string
  word: string
  visits: number
  /** One of the four the funnel is named by. */
  main: boolean
}

/** The stages in order, each of visits that were in the one before; with a form, its steps too. */
export function stagesOf(steps: Steps, form?: Service['form']): Stage[] {
  const main = (key: keyof Steps, word: string) => ({ key, word, visits: steps[key], main: true })
  const part = (key: keyof Steps, word: string) => ({ key, word, visits: steps[key], main: false })
  return [
    main('visits', '访问服务页'),
    part('sawSlots', '看到时段'),
    part('choseSlot', '选择时段'),
    main('held', '锁定名额'),
    ...(form?.steps ?? []).map(({ title, reached }, step) => ({
      key: `step ${step}`,
      word: form?.steps.length === 1 ? '打开报名表' : `报名表：${translated(title)}`,
      visits: reached,
      main: false,
    })),
    main('registered', '提交报名'),
    main('paid', '缴费成功'),
  ]
}
