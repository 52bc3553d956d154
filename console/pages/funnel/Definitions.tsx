import { visitIdleMs } from '@jiyue/contract/funnel'
import { minuteMs } from '@jiyue/contract/time'

const words = (keptDays: number): readonly [string, string][] => [
  [
    '访问',
    `一次打开小程序或网页；${visitIdleMs / minuteMs} 分钟没有操作后再次操作算新的访问。所选日期内打开过服务页的访问是同一批，后面每一步只统计这一批，不论发生在哪一天`,
  ],
  ['看到时段、选择时段', '服务页显示出时段；点选了一个时段。锁定了名额的访问两步都算到达'],
  ['锁定名额', '这次访问产生了这项服务的订单。候补转正的订单不计入'],
  ['提交报名、缴费成功', '取自订单自己的事件记录；缴费后取消的仍算缴费成功'],
  ['停在这一项', '未提交报名且已过时限的访问，最后填写的一项；自动填入而没有改动的项不算填写'],
  ['全部服务', '看过几项服务的访问只算一次，因此不等于各服务之和'],
  ['隐私与保留', `不含填写内容和用户身份，只展示合计；保留 ${keptDays} 天，可在设置中修改`],
]

/** What each figure is: two people who read it must mean the same. */
export function Definitions({ keptDays }: { keptDays: number }) {
  return (
    <section className="card">
      <h2>统计口径</h2>
      <dl className="funnel-words">
        {words(keptDays).map(([word, means]) => (
          <div key={word}>
            <dt>{word}</dt>
            <dd>{means}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
