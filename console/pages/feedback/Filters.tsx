import {
  feedbackKinds,
  feedbackKindWords,
  feedbackSources,
  feedbackSourceWords,
  feedbackStates,
  feedbackStateWords,
} from '@jiyue/contract/feedback'
import { Checkbox, Select } from 'antd'
import { SearchText } from '../../parts/SearchText.tsx'
import type { FeedbackView } from '../../paths.ts'

interface FiltersProps {
  view: FeedbackView
  handlers: readonly { id: string; name: string }[]
  change: (part: FeedbackView) => void
}

const states = feedbackStates.map((value) => ({ value, label: feedbackStateWords[value] }))
const kinds = feedbackKinds.map((value) => ({ value, label: feedbackKindWords[value] }))
const sources = feedbackSources.map((value) => ({ value, label: feedbackSourceWords[value] }))

/** State, kind, source, who looks after it, what is beyond its time, text. */
export function Filters({ view, handlers, change }: FiltersProps) {
  return (
    <search className="filters">
      <Select
        allowClear
        aria-label="状态"
        placeholder="全部状态"
        className="filters-short"
        value={view.state}
        options={states}
        onChange={(state: FeedbackView['state']) => change({ state })}
      />
      <Select
        allowClear
        aria-label="类型"
        placeholder="全部类型"
        className="filters-short"
        value={view.kind}
        options={kinds}
        onChange={(kind: FeedbackView['kind']) => change({ kind })}
      />
      <Select
        allowClear
        aria-label="来源"
        placeholder="全部来源"
        className="filters-short"
        value={view.source}
        options={sources}
        onChange={(source: FeedbackView['source']) => change({ source })}
      />
      <Select
        allowClear
        aria-label="负责人"
        placeholder="负责人不限"
        className="filters-short"
        value={view.assignee}
        options={[
          { value: 'nobody', label: '未指派' },
          ...handlers.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        onChange={(assignee: string | undefined) => change({ assignee })}
      />
      <Checkbox
        checked={view.overdue === 'yes'}
        onChange={({ target }) => change({ overdue: target.checked ? 'yes' : undefined })}
      >
        仅超时
      </Checkbox>
      <SearchText
        text={view.text ?? ''}
        change={(text) => change({ text })}
        label="搜索反馈"
        hint="内容、姓名或订单号"
      />
    </search>
  )
}
