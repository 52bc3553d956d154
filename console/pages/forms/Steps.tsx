import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import type { FormProblem } from '@jiyue/contract/fields/registry'
import { type FormDesign, formLimits } from '@jiyue/contract/form'
import { Button, Input } from 'antd'
import { withoutStep } from './design.ts'

interface StepsProps {
  design: FormDesign
  problems: readonly FormProblem[]
  onChange: (design: FormDesign) => void
}

/** Titles of the steps (R9): 基础信息 → 特殊需求. None: everything on one page. */
export function Steps({ design, problems, onChange }: StepsProps) {
  const { steps } = design
  const rename = (at: number, title: string) =>
    onChange({ ...design, steps: steps.map((one, index) => (index === at ? title : one)) })
  const add = () => onChange({ ...design, steps: withNewStep(steps) })
  return (
    <div className="form-steps">
      {steps.map((title, at) => {
        const problem = problems.find(({ path }) => path === `steps.${at}`)
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place.
          <div key={at} className="form-step">
            <Input
              aria-label={`第 ${at + 1} 步名称`}
              prefix={<span className="quiet">{at + 1}</span>}
              value={title}
              maxLength={formLimits.stepLength}
              status={problem ? 'error' : ''}
              onChange={({ target }) => rename(at, target.value)}
              suffix={
                <Button
                  type="text"
                  size="small"
                  aria-label={`删除第 ${at + 1} 步`}
                  icon={<DeleteOutlined />}
                  onClick={() => onChange(withoutStep(design, at))}
                />
              }
            />
            {problem && <small className="form-problem">{problem.message}</small>}
          </div>
        )
      })}
      {steps.length < formLimits.steps && (
        <Button type="dashed" icon={<PlusOutlined />} onClick={add}>
          {steps.length === 0 ? '分步填写' : '添加一步'}
        </Button>
      )}
    </div>
  )
}

/** @chinese a form's words are for those who fill it in */
const withNewStep = (steps: readonly string[]): string[] =>
  steps.length === 0 ? ['基础信息', '特殊需求'] : [...steps, `第 ${steps.length + 1} 步`]
