import type { Order } from '@jiyue/contract/schema/wire'
import { Text, View } from '@tarojs/components'
import { FieldView } from '../../fields/FieldView.tsx'
import { fieldsOfStep, stepCount } from '../../lib/formSteps.ts'
import { Icon } from '../../parts/Icon.tsx'
import { Card } from '../../parts/Page.tsx'
import { BoneLines } from '../../parts/Skeleton.tsx'
import { Tap } from '../../parts/Tap.tsx'
import type { Registration, RegistrationState } from '../../stores/registration.ts'
import { Agreement } from './Agreement.tsx'
import './formCard.scss'
import { People } from './People.tsx'
import { Progress } from './Progress.tsx'

interface FormCardProps {
  registration: Registration
  state: RegistrationState
  order: Order
}

/** The fields of the step at hand, with what was saved and what is wrong. */
export function FormCard({ registration, state, order }: FormCardProps) {
  const { form } = order
  if (!state.ready) {
    return (
      <Card title="报名信息">
        <BoneLines widths={['30%', '100%', '100%', '30%', '100%', '100%']} />
      </Card>
    )
  }
  const fields = fieldsOfStep(form.fields, state.values, state.step)
  return (
    <Card title="报名信息" aside={<Saved saved={state.saved} />}>
      <Progress steps={form.steps} count={stepCount(form)} step={state.step} />
      {state.step === 0 ? <People registration={registration} fields={form.fields} /> : null}
      {fields.length === 0 ? (
        <Text className="form__none">本服务无需填写报名信息，直接提交即可</Text>
      ) : null}
      {fields.map((field) => (
        <FieldView
          key={field.id}
          field={field}
          state={state}
          coverage={state.service?.coverage ?? null}
          registration={registration}
        />
      ))}
      {state.step >= stepCount(form) - 1 && fields.length > 0 ? (
        <Tap
          className={`form__keep ${state.keeping ? 'form__keep--on' : ''}`}
          role="checkbox"
          chosen={state.keeping}
          onTap={() => registration.keepContacts(!state.keeping)}
        >
          <View className="form__box">
            {state.keeping ? <Icon name="check" size={14} /> : null}
          </View>
          <Text>保存到常用信息，下次一键填写</Text>
        </Tap>
      ) : null}
      <Agreement />
      {state.problem ? (
        <View className="form__problem" {...{ role: 'alert' }}>
          <Icon name="info" />
          <Text className="form__sentence">{state.problem.message}</Text>
        </View>
      ) : null}
    </Card>
  )
}

const savedWords = { nothing: '', phone: '已保存在本机', cloud: '已自动保存' } as const

function Saved({ saved }: { saved: RegistrationState['saved'] }) {
  return (
    <Text className="form__saved" {...{ 'aria-live': 'polite' }}>
      {savedWords[saved]}
    </Text>
  )
}
