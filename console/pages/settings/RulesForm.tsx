import { cancelRuleText, defaultRules, holdText, type Rules } from '@jiyue/contract/rules'
import { type RuleAbout, ruleAbouts, ruleProblems } from '@jiyue/contract/settings'
import { Alert, App, Form, type FormInstance, InputNumber, Skeleton } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { Link } from 'react-router'
import { useAct } from '../../acting.ts'
import { queries, useAsk } from '../../asking.ts'
import { Asked } from '../../parts/Asked.tsx'
import { BeforeAfter } from '../../parts/BeforeAfter.tsx'
import { Reasoned } from '../../parts/Reasoned.tsx'
import { paths } from '../../paths.ts'

const keys = Object.keys(ruleAbouts) as (keyof Rules)[]
const groups = [...new Set(keys.map((key) => ruleAbouts[key].group))]

/** The merchant's rules, in groups, each with its bounds and its standard. */
export function RulesForm({ reason }: { reason: string | null }) {
  const rules = useAsk('getRules', {})
  return (
    <Asked query={rules} waiting={<Skeleton className="card" active paragraph={{ rows: 10 }} />}>
      {(data) => <Edit rules={data.rules} reason={reason} />}
    </Asked>
  )
}

function Edit({ rules, reason }: { rules: Rules; reason: string | null }) {
  const { message } = App.useApp()
  const [form] = Form.useForm<Rules>()
  useFollow(form, rules)
  const typed: Rules = { ...rules, ...Form.useWatch([], form) }
  const [wish, setWish] = useState<Wish | null>(null)
  const put = useAct('putRules', {
    form: { form },
    done() {
      void queries.invalidateQueries()
      message.success('已发布，用户端立即生效')
    },
  })
  function check(values: Rules) {
    const changed = keys.filter((key) => values[key] !== rules[key])
    if (changed.length === 0) return void message.info('没有修改')
    const problems = ruleProblems({ ...rules, ...values })
    form.setFields(
      problems.map(({ path, message }) => ({ name: path as keyof Rules, errors: [message] })),
    )
    if (problems.length > 0) return
    const only = (all: Rules) => Object.fromEntries(changed.map((key) => [key, all[key]]))
    setWish({ rules: only(values), was: only(rules) })
  }
  return (
    <>
      <Form form={form} layout="vertical" initialValues={rules} onFinish={check}>
        <div className="rule-groups">
          {groups.map((group) => (
            <section key={group} className="card">
              <h2>{group}</h2>
              {keys
                .filter((key) => ruleAbouts[key].group === group)
                .map((key) => (
                  <One key={key} name={key} about={ruleAbouts[key]} off={reason !== null} />
                ))}
            </section>
          ))}
        </div>
        <Alert
          className="stale"
          type="info"
          title="用户将看到"
          description={
            <span lang="zh-CN">
              {holdText(typed)}
              <br />
              {cancelRuleText(typed)}
            </span>
          }
        />
        <div className="setting-foot">
          <Link to={paths.log({ object: 'rules' })}>修改历史</Link>
          <Reasoned type="primary" htmlType="submit" reason={reason}>
            预览并发布
          </Reasoned>
        </div>
      </Form>
      {wish && (
        <BeforeAfter
          differences={keys
            .filter((key) => key in wish.rules)
            .map((key) => ({
              label: ruleAbouts[key].zh,
              before: `${wish.was[key]} ${ruleAbouts[key].unit}`,
              after: `${wish.rules[key]} ${ruleAbouts[key].unit}`,
            }))}
          busy={put.isPending}
          close={() => setWish(null)}
          publish={() => put.mutate({ body: wish }, { onSettled: () => setWish(null) })}
        />
      )}
    </>
  )
}

/** What is asked for, and what stood there when it was looked at: another's rule meanwhile refuses it. */
interface Wish {
  rules: Partial<Rules>
  was: Partial<Rules>
}

/** Somebody publishes while another types: what is typed stays, all else shows what stands now. */
function useFollow(form: FormInstance<Rules>, rules: Rules) {
  const shown = useRef(rules)
  useEffect(() => {
    const untouched = keys.filter((key) => form.getFieldValue(key) === shown.current[key])
    form.setFieldsValue(Object.fromEntries(untouched.map((key) => [key, rules[key]])))
    shown.current = rules
  }, [form, rules])
}

function One({ name, about, off }: { name: keyof Rules; about: RuleAbout; off: boolean }) {
  const { zh, unit, min, max } = about
  return (
    <Form.Item
      name={name}
      label={zh}
      extra={`${min}–${max} ${unit}，默认 ${defaultRules[name]}`}
      rules={[{ required: true, type: 'integer', min, max, message: `请填写 ${min}–${max}` }]}
    >
      <InputNumber disabled={off} precision={0} suffix={unit} />
    </Form.Item>
  )
}
