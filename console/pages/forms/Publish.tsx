import type { FormProblem } from '@jiyue/contract/fields/registry'
import { budgetText, isOverBudget } from '@jiyue/contract/form'
import type { FormPage } from '@jiyue/contract/schema/form'
import { App, Popconfirm } from 'antd'
import { useAct } from '../../acting.ts'
import { keyOf, queries, showChange } from '../../asking.ts'
import { Reasoned } from '../../parts/Reasoned.tsx'
import { useWhyNoRight } from '../../useWhyNoRight.ts'
import type { FormDraft } from './useFormDraft.ts'

interface PublishProps {
  page: FormPage
  draft: FormDraft
  problems: readonly FormProblem[]
}

/** Throwing the draft away, and making it the next version. */
export function Publish({ page, draft, problems }: PublishProps) {
  const { message } = App.useApp()
  const noRight = useWhyNoRight('forms')
  const { id, kind } = page.service
  const version = (page.versions[0]?.version ?? 0) + 1
  const show = (reply: FormPage) =>
    void showChange(keyOf('getForm', { params: { id } }), () => reply)
  const drop = useAct('deleteFormDraft', {
    done(reply) {
      show(reply)
      message.success('已恢复为发布的版本')
    },
  })
  const publish = useAct('putFormVersion', {
    done(reply) {
      show(reply)
      void queries.invalidateQueries({ queryKey: ['listForms'] })
      message.success(`第 ${version} 版已发布，新的预约从现在起使用`)
    },
  })
  const nothing = draft.state === 'same' ? '没有修改' : null
  const why =
    noRight ??
    nothing ??
    (isOverBudget(kind, draft.design) ? budgetText(kind, draft.design.fields.length) : null) ??
    (problems.length > 0 ? `还有 ${problems.length} 处需要修改` : null)
  return (
    <>
      <Popconfirm
        title="放弃草稿？"
        description="未发布的修改都会丢失"
        okText="放弃"
        cancelText="取消"
        disabled={(noRight ?? nothing) !== null}
        onConfirm={async () => {
          await draft.flush()
          drop.mutate({ params: { id } })
        }}
      >
        <Reasoned reason={noRight ?? nothing} loading={drop.isPending}>
          放弃草稿
        </Reasoned>
      </Popconfirm>
      <Popconfirm
        title={`发布为第 ${version} 版？`}
        description="新的预约填写新表单；已锁定和已报名的订单保留原来的表单"
        okText="发布"
        cancelText="取消"
        disabled={why !== null}
        onConfirm={async () => {
          const revision = await draft.flush()
          if (revision) publish.mutate({ params: { id, version }, body: { revision } })
        }}
      >
        <Reasoned type="primary" reason={why} loading={publish.isPending}>
          发布
        </Reasoned>
      </Popconfirm>
    </>
  )
}
