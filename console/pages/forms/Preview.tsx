import { checkField, type FormValues, visibleFields } from '@jiyue/contract/fields/registry'
import type { FormDesign } from '@jiyue/contract/form'
import { Button } from 'antd'
import { useState } from 'react'
import { PreviewField } from './PreviewField.tsx'

interface PreviewProps {
  design: FormDesign
  title: string
  serviceName: string
  /** Back from an old version to the draft. */
  onBack: (() => void) | null
}

/**
 * The form on a phone, to be tried: what is typed is checked and shows or hides other fields by the
 * very rules of the phone (contract/fields), and is kept nowhere.
 */
export function Preview({ design, title, serviceName, onBack }: PreviewProps) {
  const [answers, setAnswers] = useState<FormValues>({})
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const [at, setAt] = useState(0)
  const steps = Math.max(1, ...design.fields.map(({ step = 0 }) => step + 1))
  const step = Math.min(at, steps - 1)
  const shown = visibleFields(design.fields, answers).filter((field) => (field.step ?? 0) === step)
  const isLast = step === steps - 1
  return (
    <section className="card form-preview" aria-label="手机预览">
      <header className="card-head">
        <h2>{title}</h2>
        {onBack ? (
          <Button type="link" size="small" onClick={onBack}>
            回到草稿
          </Button>
        ) : (
          <small className="quiet">可以试填，内容不会保存</small>
        )}
      </header>
      {/* @chinese it is what a phone shows. */}
      <div className="phone-frame" lang="zh-CN">
        <div className="phone-bar">{serviceName}</div>
        <div className="phone-page">
          {steps > 1 && (
            <ol className="phone-steps">
              {design.steps.slice(0, steps).map((name, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place.
                <li key={index} data-on={index <= step}>{`${index + 1} ${name}`}</li>
              ))}
            </ol>
          )}
          {shown.length === 0 && <p className="quiet">本服务无需填写报名信息，直接提交即可</p>}
          {shown.map((field) => (
            <PreviewField
              key={`${field.id} ${field.kind}`}
              field={field}
              value={answers[field.id]}
              problem={left.has(field.id) ? checkField(field, answers[field.id], Date.now()) : null}
              onType={(value) => setAnswers({ ...answers, [field.id]: value })}
              onLeave={() => setLeft(new Set([...left, field.id]))}
            />
          ))}
        </div>
        <div className="phone-foot">
          {step > 0 && (
            <button type="button" className="phone-plain" onClick={() => setAt(step - 1)}>
              上一步
            </button>
          )}
          <button
            type="button"
            className="phone-main"
            onClick={() => {
              setLeft(new Set([...left, ...shown.map(({ id }) => id)]))
              const right = shown.every(
                (field) => !checkField(field, answers[field.id], Date.now()),
              )
              if (!isLast && right) setAt(step + 1)
            }}
          >
            {isLast ? '提交报名' : '下一步'}
          </button>
        </div>
      </div>
    </section>
  )
}
