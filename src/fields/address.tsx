import { reachOf } from '@jiyue/contract/area'
import { type Address, address } from '@jiyue/contract/fields/address'
import { View } from '@tarojs/components'
import { districtOf, placeText, regionOf } from '../lib/coverage.ts'
import type { MapPlace } from '../lib/phone.ts'
import { PlaceButton } from '../parts/PlaceButton.tsx'
import { ReachNote } from '../parts/ReachNote.tsx'
import type { FieldProps } from './field.ts'
import { Line, Wrong } from './Line.tsx'
import { RegionInput } from './RegionInput.tsx'

/**
 * A place to come to: the region picked, the rest typed, or both from the map. A district in the text
 * picks itself.
 */
export function AddressField(props: FieldProps) {
  const { field, value, error, coverage, onType, onFinish, onPick } = props
  const now = isAddress(value) ? value : address.normalise(value)
  const { region, detail } = now
  // While it is typed the street may already be another one.
  const { spot } = address.normalise(now)
  const regionIn = (text: string) => {
    const district = coverage ? districtOf(coverage, text) : null
    return coverage && district && district !== 'outside' ? regionOf(coverage, district) : null
  }
  const finish = () => {
    const found = region.length === 0 ? regionIn(detail) : null
    if (found) onPick({ ...now, region: found })
    else onFinish()
  }
  const pickSpot = (place: MapPlace) => {
    // A browser knows no name: what has been typed is where the person is.
    const text = placeText(place) || detail || '我的位置'
    const { name, latitude, longitude } = place
    onPick({
      region: regionIn(text) ?? (text === detail ? region : []),
      detail: text,
      spot: { name: name || text, latitude, longitude },
    })
  }
  const reach = coverage && reachOf(coverage, { region, point: spot ?? null })
  return (
    <View>
      <Line
        label={field.label}
        value={detail}
        placeholder={field.hint ?? '区、街道、门牌号'}
        error={error() ?? error('detail')}
        maxlength={field.max ?? 120}
        autoComplete="street-address"
        onType={(text) => onType({ ...now, detail: text })}
        onFinish={finish}
      />
      <RegionInput
        value={region}
        coverage={coverage}
        onPick={(picked) => onPick({ ...now, region: picked })}
      />
      {coverage && coverage.circles.length > 0 ? <PlaceButton onPlace={pickSpot} /> : null}
      {region.length > 0 || spot ? <ReachNote reach={reach} /> : null}
      <Wrong text={error('region')} />
    </View>
  )
}

/** Taken as it is while it is typed: trimming under the finger would eat blanks. */
function isAddress(value: unknown): value is Address {
  return typeof value === 'object' && value !== null && 'detail' in value && 'region' in value
}
