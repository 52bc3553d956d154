import type { ServiceSettings } from '@jiyue/contract/schema/settings'
import { BeforeAfter } from '../../parts/BeforeAfter.tsx'
import { useUndo } from '../../parts/useUndo.tsx'
import { offerOf, typedOf } from './serviceChanges.ts'
import { usePutService } from './usePutService.ts'

const word = (listed: boolean) => (listed ? '已上架' : '未上架')

/** 上架 or 下架: what it means first, 撤销 afterwards. What is booked stays booked. */
export function Sale({ service, close }: { service: ServiceSettings; close: () => void }) {
  const undo = useUndo()
  const put = usePutService()
  const { id, name, listed, ahead } = service
  const offer = offerOf(typedOf(service))
  const setListed = (to: boolean, revision: string) =>
    ({ params: { id }, body: { ...offer, listed: to, revision } }) as const
  return (
    <BeforeAfter
      title={listed ? `下架「${name}」？` : `上架「${name}」？`}
      differences={[{ label: '状态', before: word(listed), after: word(!listed) }]}
      note={
        listed
          ? `用户端立即看不到，不再接受新预约；${ahead.orders > 0 ? `已有的 ${ahead.orders} 个订单照常进行，` : ''}时段与排班保留`
          : `用户端立即可见；现有 ${ahead.slots} 个可约时段`
      }
      act={listed ? '下架' : '上架'}
      leave="取消"
      busy={put.isPending}
      close={close}
      publish={() =>
        put.mutate(setListed(!listed, service.revision), {
          onError: close,
          onSuccess: ({ revision }) => {
            close()
            undo(listed ? '已下架' : '已上架', () => put.mutate(setListed(listed, revision)))
          },
        })
      }
    />
  )
}
