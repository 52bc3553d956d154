import type { Reply } from '@jiyue/contract/schema/wire'

type Hours = Reply<'getInsight'>['hours']

const weekdays = [
  [1, '周一'],
  [2, '周二'],
  [3, '周三'],
  [4, '周四'],
  [5, '周五'],
  [6, '周六'],
  [0, '周日'],
] as const

/** Hours that are always shown, so that a quiet day looks like one. */
const usual = { from: 8, to: 20 }

/** 高峰时段: a cell an hour of the week; the figure stands in it, so colour alone says nothing. */
export function HeatMap({ hours }: { hours: Hours }) {
  const of = new Map(hours.map((one) => [`${one.weekday} ${one.hour}`, one.orders]))
  const all = hours.map(({ hour }) => hour)
  const [first, last] = [Math.min(usual.from, ...all), Math.max(usual.to, ...all)]
  const columns = Array.from({ length: last - first + 1 }, (_, i) => first + i)
  const most = Math.max(...hours.map(({ orders }) => orders))
  const peak = hours.find(({ orders }) => orders === most)
  const day = weekdays.find(([id]) => id === peak?.weekday)?.[1]
  return (
    <section className="card">
      <h2>高峰时段</h2>
      <p className="quiet">
        订单最多的是{day} {peak?.hour}:00，共 {most} 单
      </p>
      <div className="insight-scroll">
        <table className="insight-heat">
          <thead>
            <tr>
              <td />
              {columns.map((hour) => (
                <th key={hour} scope="col">
                  {hour}:00
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {weekdays.map(([id, word]) => (
              <tr key={id}>
                <th scope="row">{word}</th>
                {columns.map((hour) => {
                  const orders = of.get(`${id} ${hour}`) ?? 0
                  return (
                    <td
                      key={hour}
                      className={orders * 2 > most ? 'insight-hot' : ''}
                      style={{ '--share': orders / most } as React.CSSProperties}
                    >
                      {orders || ''}
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
