import { type Company, company } from '@jiyue/contract/fields/company'
import { View } from '@tarojs/components'
import './company.scss'
import type { FieldProps } from './field.ts'
import { Line } from './Line.tsx'

/** A company: its name and its 统一社会信用代码. */
export function CompanyField({ field, value, error, onType, onFinish }: FieldProps) {
  const { name, code } = isCompany(value) ? value : company.normalise(value)
  return (
    <View>
      <Line
        label={`${field.label}名称`}
        value={name}
        placeholder={field.hint ?? '单位全称'}
        error={error() ?? error('name')}
        maxlength={100}
        autoComplete="organization"
        onType={(text) => onType({ name: text, code })}
        onFinish={() => finishWhenBoth()}
      />
      <View className="company__code">
        <Line
          label="统一社会信用代码"
          value={code}
          placeholder="统一社会信用代码，18 位"
          error={error('code')}
          maxlength={30}
          onType={(text) => onType({ name, code: text })}
          onFinish={onFinish}
        />
      </View>
    </View>
  )

  /** Leaving the name for the code is no mistake yet. */
  function finishWhenBoth() {
    if (code !== '') onFinish()
  }
}

function isCompany(value: unknown): value is Company {
  return typeof value === 'object' && value !== null && 'name' in value && 'code' in value
}
