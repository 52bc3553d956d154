import { type Address, address } from '@jiyue/contract/fields/address'
import { View } from '@tarojs/components'
import { districtOf, regionOf } from '../lib/coverage.ts'
import type { FieldProps } from './field.ts'
import { Line, Wrong } from './Line.tsx'
import { RegionInput } from './RegionInput.tsx'

/** A place to come to: the region picked, the rest typed. A district in the text picks itself. */
export function AddressField(props: FieldProps) {
  const { field, value, error, coverage, onType, onFinish, onPick } = props
  const { region, detail } = isAddress(value) ? value : address.normalise(value)
  const finish = () => {
    const district = coverage && region.length === 0 ? districtOf(coverage, detail) : null
    if (!coverage || district === null || district === 'outside') return onFinish()
    onPick({ region: regionOf(coverage, district), detail })
  }
  return (
    <View>
      <Line
        label={field.label}
        value={detail}
        placeholder={field.hint ?? '区、街道、门牌号'}
        error={error() ?? error('detail')}
        maxlength={field.max ?? 120}
        autoComplete="street-address"
        onType={(text) => onType({ region, detail: text })}
        onFinish={finish}
      />
      <RegionInput
        value={region}
        coverage={coverage}
        onPick={(picked) => onPick({ region: picked, detail })}
      />
      <Wrong text={error('region')} />
    </View>
  )
}

/** Taken as it is while it is typed: trimming under the finger would eat blanks. */
function isAddress(value: unknown): value is Address {
  return typeof value === 'object' && value !== null && 'detail' in value && 'region' in value
}
