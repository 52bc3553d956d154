import { refusals } from '@jiyue/contract/refusals'
import type { Order } from '@jiyue/contract/schema/wire'
import { pathTo } from '../lib/paths.ts'
import { Empty } from './Empty.tsx'
import { go } from './go.ts'
import { Card } from './Page.tsx'

/** 「该时段已失效，请重新选择时段」: nothing typed is lost, and the way to the picker (T3). */
export function Gone({ order }: { order: Order }) {
  return (
    <Card>
      <Empty
        icon="clock"
        title={refusals.hold_expired.zh}
        hint="您填写的内容已保留，选好新时段后自动带入"
        button="重新选择时段"
        onTap={() => go.instead(pathTo.booking(order.service.id, order.id))}
      />
    </Card>
  )
}
