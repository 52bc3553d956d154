import { serviceKindWords } from '@jiyue/contract/booking'
import { checkDesign, formBudgets, isOverBudget } from '@jiyue/contract/form'
import type { FormPage, FormVersion } from '@jiyue/contract/schema/form'
import { ConfigProvider, Skeleton } from 'antd'
import { useState } from 'react'
import { Link, useParams } from 'react-router'
import { useAsk } from '../../asking.ts'
import { Asked } from '../../parts/Asked.tsx'
import { Page } from '../../parts/Page.tsx'
import { paths } from '../../paths.ts'
import { useWhyNoRight } from '../../useWhyNoRight.ts'
import { FieldList } from './FieldList.tsx'
import { Preview } from './Preview.tsx'
import { Publish } from './Publish.tsx'
import { Steps } from './Steps.tsx'
import { useFormDraft } from './useFormDraft.ts'
import { Versions } from './Versions.tsx'

/** One service's form: changed at the left, seen at the right as people will see it. */
export function Component() {
  const { id = '' } = useParams()
  const query = useAsk('getForm', { params: { id } })
  return (
    <Asked query={query} waiting={<Skeleton className="page" active paragraph={{ rows: 12 }} />}>
      {(page) => <Editor key={id} page={page} />}
    </Asked>
  )
}

const stateWords = {
  same: '与已发布的一致',
  unsaved: '正在保存草稿…',
  saving: '正在保存草稿…',
  saved: '草稿已保存，尚未发布',
} as const

function Editor({ page }: { page: FormPage }) {
  const { service, versions } = page
  const draft = useFormDraft(page)
  const [open, setOpen] = useState<string | null>(null)
  const [old, setOld] = useState<FormVersion | null>(null)
  const reason = useWhyNoRight('forms')
  const { design, change } = draft
  const problems = checkDesign(design)
  const over = isOverBudget(service.kind, design)
  return (
    <Page
      title={`${service.name} · 报名表`}
      about={
        reason ?? (
          <>
            <Link to={paths.forms()}>全部报名表</Link>
            {` · 第 ${versions[0]?.version ?? 0} 版使用中 · `}
            <span aria-live="polite">{stateWords[draft.state]}</span>
          </>
        )
      }
      actions={<Publish page={page} draft={draft} problems={problems} />}
    >
      <div className="form-editor">
        <ConfigProvider componentDisabled={reason !== null}>
          <section className="card form-design" aria-label="填写项">
            <header className="card-head">
              <h2>填写项</h2>
              <span className={over ? 'form-over' : 'quiet'} role={over ? 'alert' : undefined}>
                {`${design.fields.length} / ${formBudgets[service.kind]} 项`}
                {over &&
                  `，${serviceKindWords[service.kind]}最多 ${formBudgets[service.kind]} 项，超出不能发布`}
              </span>
            </header>
            <Steps design={design} problems={problems} onChange={change} />
            <FieldList
              design={design}
              problems={problems}
              open={open}
              onOpen={setOpen}
              onChange={change}
            />
          </section>
        </ConfigProvider>
        <aside className="form-side">
          <Preview
            design={old ? { steps: old.steps, fields: old.fields as typeof design.fields } : design}
            title={old ? `第 ${old.version} 版` : '预览'}
            serviceName={service.name}
            onBack={old ? () => setOld(null) : null}
          />
          <Versions
            versions={versions}
            seen={old}
            onSee={setOld}
            onRestore={(version) => {
              change({ steps: version.steps, fields: version.fields as typeof design.fields })
              setOld(null)
            }}
          />
        </aside>
      </div>
    </Page>
  )
}
