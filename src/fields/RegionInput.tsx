import type { Coverage } from '@jiyue/contract/area'
import { View } from '@tarojs/components'
import { regionOf } from '../lib/coverage.ts'
import { Options } from './Options.tsx'
import './regionInput.scss'

export interface RegionInputProps {
  /** Province, city, district. */
  value: string[]
  coverage: Coverage | null
  onPick: (region: string[]) => void
}

/**
 * Browsers and Alipay have no region picker. Where the service comes to some districts only, those
 * are the choice; elsewhere the whole address is typed.
 */
export function RegionInput({ value, coverage, onPick }: RegionInputProps) {
  if (!coverage) return null
  return (
    <View className="region">
      <Options
        label="所在区"
        options={coverage.districts.map((name) => ({ value: name, label: name }))}
        isChosen={(name) => name === value[2]}
        onTap={(name) => onPick(regionOf(coverage, name))}
      />
    </View>
  )
}
