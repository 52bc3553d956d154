import { type Address, address } from '@jiyue/contract/fields/address'
import { View } from '@tarojs/components'
import type { FieldProps } from './field.ts'
import { Line } from './Line.tsx'
import { RegionInput } from './RegionInput.tsx'

/** A place to come to: the region where the host has a picker for it, and the rest typed. */
export function AddressField({ field, value, error, onType, onFinish, onPick }: FieldProps) {
  const { region, detail } = isAddress(value) ? value : address.normalise(value)
  return (
    <View>
      <RegionInput value={region} onPick={(picked) => onPick({ region: picked, detail })} />
      <Line
        label={field.label}
        value={detail}
        placeholder={field.hint ?? '区、街道、门牌号'}
        error={error() ?? error('detail')}
        maxlength={field.max ?? 120}
        autoComplete="street-address"
        onType={(text) => onType({ region, detail: text })}
        onFinish={onFinish}
      />
    </View>
  )
}

/** Taken as it is while it is typed: trimming under the finger would eat blanks. */
function isAddress(value: unknown): value is Address {
  return typeof value === 'object' && value !== null && 'detail' in value && 'region' in value
}
